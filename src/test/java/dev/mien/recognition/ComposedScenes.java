package dev.mien.recognition;

import dev.mien.data.FaceImages;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Faces of 48x48 pixels pasted, at 96 to 256 pixels, into larger grey pictures of shapes, gradients and noise. FER2013
 * cuts faces off at the chin and the ears; here, as in a photograph, they do not end in a hard edge there: the crop's
 * border goes on and fades into the background.
 */
final class ComposedScenes {

    private static final int SMALLEST = 96;
    private static final int LARGEST = 256;
    private static final int MOST_FACES = 5;

    /** Width of the faded border over the side of the face. */
    private static final double FADE = 0.2;

    private final FaceImages faces;
    private final Random random;

    /** A picture and where its faces are. */
    record Scene(BufferedImage image, List<Rectangle> faces, List<Integer> rows) {}

    ComposedScenes(FaceImages faces, long seed) {
        this.faces = faces;
        this.random = new Random(seed);
    }

    /** The next picture: 640 to 1280 pixels wide, with none to five faces. */
    Scene next() {
        int width = 640 + random.nextInt(641);
        int height = 480 + random.nextInt(481);
        BufferedImage image = background(width, height);
        List<Rectangle> boxes = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        int wanted = random.nextInt(MOST_FACES + 1);
        for (int attempt = 0; boxes.size() < wanted && attempt < 200; attempt++) {
            int side = SMALLEST + random.nextInt(LARGEST - SMALLEST + 1);
            Rectangle box = new Rectangle(random.nextInt(width - side), random.nextInt(height - side), side, side);
            if (boxes.stream().noneMatch(box::intersects)) {
                int row = random.nextInt(faces.size());
                paste(enlarged(TestPictures.face(faces, row), side), box, image);
                boxes.add(box);
                rows.add(row);
            }
        }
        return new Scene(image, boxes, rows);
    }

    private static BufferedImage enlarged(BufferedImage face, int side) {
        BufferedImage large = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = large.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(face, 0, 0, side, side, null);
        graphics.dispose();
        return large;
    }

    private static void paste(BufferedImage face, Rectangle box, BufferedImage image) {
        int side = box.width;
        int fade = (int) (FADE * side);
        byte[] from = pixels(face);
        byte[] to = pixels(image);
        for (int y = Math.max(0, box.y - fade); y < Math.min(image.getHeight(), box.y + side + fade); y++) {
            for (int x = Math.max(0, box.x - fade); x < Math.min(image.getWidth(), box.x + side + fade); x++) {
                int u = Math.max(0, Math.min(side - 1, x - box.x));
                int v = Math.max(0, Math.min(side - 1, y - box.y));
                double away = Math.max(Math.abs(x - box.x - u), Math.abs(y - box.y - v));
                double share = away == 0 ? 1 : 1 - away / (fade + 1.0);
                int at = y * image.getWidth() + x;
                to[at] = clamp(share * (from[v * side + u] & 0xFF) + (1 - share) * (to[at] & 0xFF));
            }
        }
    }

    private BufferedImage background(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        byte[] pixels = pixels(image);
        double slopeX = random.nextGaussian() * 60 / width;
        double slopeY = random.nextGaussian() * 60 / height;
        double level = 60 + 140 * random.nextDouble();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = clamp(level + slopeX * (i % width - width / 2) + slopeY * (i / width - height / 2));
        }
        Graphics2D graphics = image.createGraphics();
        for (int i = random.nextInt(40); i > 0; i--) {
            int grey = random.nextInt(256);
            graphics.setColor(new Color(grey, grey, grey));
            int w = 5 + random.nextInt(width / 3);
            int h = 5 + random.nextInt(height / 3);
            int x = random.nextInt(width) - w / 2;
            int y = random.nextInt(height) - h / 2;
            graphics.fill(random.nextBoolean() ? new Rectangle(x, y, w, h) : new Ellipse2D.Double(x, y, w, h));
        }
        graphics.dispose();
        double noise = 12 * random.nextDouble();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = clamp((pixels[i] & 0xFF) + noise * random.nextGaussian());
        }
        return image;
    }

    static byte[] pixels(BufferedImage image) {
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }

    private static byte clamp(double value) {
        return (byte) Math.max(0, Math.min(255, Math.round(value)));
    }

    /** Area of the intersection over area of the union, 0..1. */
    static double overlap(Rectangle a, Rectangle b) {
        Rectangle both = a.intersection(b);
        if (both.isEmpty()) {
            return 0;
        }
        double shared = (double) both.width * both.height;
        return shared / ((double) a.width * a.height + (double) b.width * b.height - shared);
    }
}
