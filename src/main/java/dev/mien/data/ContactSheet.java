package dev.mien.data;

import dev.mien.internal.AtomicFiles;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A picture that shows examples of every expression side by side, to look a dataset over. */
public final class ContactSheet {

    private static final int ZOOM = 2;
    private static final int GAP = 4;

    private ContactSheet() {}

    /**
     * Writes a PNG with one row of faces per expression, in label order, from angry to surprise.
     *
     * @param perClass faces in each row, 1 to 200, evenly spaced among that expression's images; fewer where it has
     *     fewer
     */
    public static void write(FaceImages images, int perClass, Path png) throws IOException {
        if (perClass < 1 || perClass > 200) {
            throw new IllegalArgumentException("cannot show " + perClass + " faces per class; expected 1 to 200");
        }
        int cellWidth = images.width() * ZOOM + GAP;
        int cellHeight = images.height() * ZOOM + GAP;
        BufferedImage sheet = new BufferedImage(
                perClass * cellWidth + GAP, Expression.COUNT * cellHeight + GAP, BufferedImage.TYPE_BYTE_GRAY);
        byte[] target = ((DataBufferByte) sheet.getRaster().getDataBuffer()).getData();
        Arrays.fill(target, (byte) 255);
        for (int label = 0; label < Expression.COUNT; label++) {
            int wanted = label;
            int[] rows = IntStream.range(0, images.size())
                    .filter(i -> images.labels()[i] == wanted)
                    .toArray();
            for (int i = 0; i < Math.min(perClass, rows.length); i++) {
                int row = rows[(int) ((long) i * rows.length / Math.min(perClass, rows.length))];
                int corner = (GAP + label * cellHeight) * sheet.getWidth() + GAP + i * cellWidth;
                copy(images, row, target, corner, sheet.getWidth());
            }
        }
        AtomicFiles.write(png, out -> {
            MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out);
            if (!ImageIO.write(sheet, "png", stream)) {
                throw new IOException(png + ": this Java has no PNG writer");
            }
            stream.flush();
        });
    }

    private static void copy(FaceImages images, int row, byte[] target, int corner, int stride) {
        int area = images.height() * images.width();
        for (int y = 0; y < images.height() * ZOOM; y++) {
            for (int x = 0; x < images.width() * ZOOM; x++) {
                target[corner + y * stride + x] = images.pixels()[row * area + y / ZOOM * images.width() + x / ZOOM];
            }
        }
    }
}
