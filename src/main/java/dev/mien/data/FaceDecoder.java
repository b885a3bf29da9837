package dev.mien.data;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes JPEG and PNG faces of 48x48 pixels to grey levels. Keeps its readers between images; one thread at a time.
 */
final class FaceDecoder {

    private static final int SIDE = FaceImages.SIDE;

    private ImageReader jpeg;
    private ImageReader png;
    private String warning;

    /**
     * Decodes one image into {@code target} from {@code offset} on.
     *
     * @param name for messages
     * @throws IOException naming an image that is not readable
     * @throws IllegalArgumentException naming an image of another size
     */
    void decode(String name, byte[] file, byte[] target, int offset) throws IOException {
        ImageReader reader = reader(name, file);
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            warning = null;
            reader.setInput(in, true, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            // Before decoding: a header may claim a billion pixels.
            if (width != SIDE || height != SIDE) {
                throw new WrongSize(
                        "%s: image of %dx%d pixels, expected %dx%d".formatted(name, width, height, SIDE, SIDE));
            }
            greyLevels(reader.read(0), target, offset);
        } catch (WrongSize e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unreadable(name, e.getMessage(), e);
        } finally {
            reader.setInput(null);
        }
        if (warning != null) {
            throw unreadable(name, warning, null);
        }
    }

    private static final class WrongSize extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        WrongSize(String message) {
            super(message);
        }
    }

    private IOException unreadable(String name, String reason, Exception cause) {
        jpeg = null;
        png = null;
        return new IOException(name + ": unreadable image (" + reason + ")", cause);
    }

    private ImageReader reader(String name, byte[] file) throws IOException {
        if (file.length > 2 && file[0] == (byte) 0xFF && file[1] == (byte) 0xD8) {
            jpeg = jpeg == null ? create("jpeg") : jpeg;
            return jpeg;
        }
        if (file.length > 2 && file[0] == (byte) 0x89 && file[1] == 'P') {
            png = png == null ? create("png") : png;
            return png;
        }
        throw unreadable(name, file.length == 0 ? "empty file" : "neither JPEG nor PNG", null);
    }

    private ImageReader create(String format) {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
        // A truncated JPEG is only a warning to its reader, and the missing part would become grey.
        IIOReadWarningListener listener = (source, message) -> warning = message;
        reader.addIIOReadWarningListener(listener);
        return reader;
    }

    /** Grey images byte for byte, without colour management; the rest by ITU-R BT.601 luma. */
    private static void greyLevels(BufferedImage image, byte[] target, int offset) {
        Raster raster = image.getRaster();
        if (image.getType() == BufferedImage.TYPE_BYTE_GRAY
                && raster.getDataBuffer() instanceof DataBufferByte buffer
                && buffer.getSize() == SIDE * SIDE) {
            System.arraycopy(buffer.getData(), 0, target, offset, SIDE * SIDE);
            return;
        }
        boolean greyWithAlpha = raster.getNumBands() == 2;
        boolean grey16 = image.getType() == BufferedImage.TYPE_USHORT_GRAY;
        for (int i = 0; i < SIDE * SIDE; i++) {
            int x = i % SIDE;
            int y = i / SIDE;
            if (greyWithAlpha || grey16) {
                int shift = raster.getSampleModel().getSampleSize(0) - 8;
                target[offset + i] = (byte) (raster.getSample(x, y, 0) >> shift);
            } else {
                int rgb = image.getRGB(x, y);
                target[offset + i] = (byte)
                        Math.round(0.299 * (rgb >> 16 & 0xFF) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF));
            }
        }
    }
}
