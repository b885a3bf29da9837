package dev.mien.recognition;

import dev.mien.internal.AtomicFiles;
import dev.mien.internal.OpenCv;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/** Draws faces into a copy of their picture. OpenCV draws the words, as a JVM on a server often has no fonts. */
public final class Annotation {

    private static final int FONT = opencv_imgproc.FONT_HERSHEY_SIMPLEX;

    private Annotation() {}

    /**
     * Writes the picture upright as a PNG with a box around each face and its expression above it.
     *
     * @param picture the file that the faces were found in
     * @param maxPixels as for the recognizer
     * @throws IOException naming the file that cannot be read or written
     */
    public static void write(Path picture, List<Face> faces, Path png, long maxPixels) throws IOException {
        BufferedImage image = upright(PictureFile.read(picture, maxPixels));
        draw(image, faces);
        AtomicFiles.write(png, out -> {
            MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out);
            if (!ImageIO.write(image, "png", stream)) {
                throw new IOException(png + ": this Java has no PNG writer");
            }
            stream.flush();
        });
    }

    private static BufferedImage upright(PictureFile picture) {
        BufferedImage stored = picture.stored();
        Orientation turn = picture.orientation();
        int width = stored.getWidth();
        int height = stored.getHeight();
        byte[] colours = Colours.bgr(stored);
        BufferedImage image = new BufferedImage(
                turn.swapsSides() ? height : width, turn.swapsSides() ? width : height, BufferedImage.TYPE_3BYTE_BGR);
        byte[] target = bytes(image);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int from = 3 * turn.source(x, y, width, height);
                System.arraycopy(colours, from, target, 3 * (y * image.getWidth() + x), 3);
            }
        }
        return image;
    }

    private static byte[] bytes(BufferedImage image) {
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }

    private static void draw(BufferedImage image, List<Face> faces) {
        OpenCv.load();
        try (PointerScope scope = new PointerScope()) {
            byte[] bytes = bytes(image);
            BytePointer copy = new BytePointer(bytes);
            Mat canvas = new Mat(image.getHeight(), image.getWidth(), opencv_core.CV_8UC3, copy, 3L * image.getWidth());
            faces.forEach(face -> draw(canvas, face));
            copy.get(bytes);
        }
    }

    private static void draw(Mat canvas, Face face) {
        FaceBox box = face.box();
        Scalar green = new Scalar(80, 200, 80, 0);
        int thickness = Math.max(1, box.width() / 80);
        Rect frame = new Rect(box.x(), box.y(), box.width(), box.height());
        opencv_imgproc.rectangle(canvas, frame, green, thickness, opencv_imgproc.LINE_8, 0);
        String text =
                String.format(Locale.ROOT, "%s %.0f%%", face.label().word(), 100 * face.probability(face.label()));
        double scale = Math.max(0.4, box.width() / 300.0);
        int stroke = Math.max(1, (int) Math.round(scale * 1.5));
        Size size = opencv_imgproc.getTextSize(text, FONT, scale, stroke, new int[1]);
        int margin = size.height() / 2;
        int bottom = Math.max(box.y(), size.height() + 2 * margin); // above the box where there is room
        int left = Math.max(0, Math.min(box.x(), canvas.cols() - size.width()));
        Rect plate = new Rect(left, bottom - size.height() - 2 * margin, size.width(), size.height() + 2 * margin);
        opencv_imgproc.rectangle(canvas, plate, green, opencv_imgproc.FILLED, opencv_imgproc.LINE_8, 0);
        opencv_imgproc.putText(
                canvas,
                text,
                new Point(left, bottom - margin),
                FONT,
                scale,
                new Scalar(0, 0, 0, 0),
                stroke,
                opencv_imgproc.LINE_AA,
                false);
    }
}
