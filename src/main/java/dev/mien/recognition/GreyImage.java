package dev.mien.recognition;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/**
 * Grey levels of an upright picture.
 *
 * @param pixels (height, width) levels 0..255, row-major
 */
record GreyImage(byte[] pixels, int width, int height) {

    /** {@link IllegalArgumentException} if the sizes do not agree. */
    GreyImage {
        if (width < 1 || height < 1 || (long) width * height != pixels.length) {
            throw new IllegalArgumentException(
                    "%d grey levels are no picture of %d x %d pixels".formatted(pixels.length, width, height));
        }
    }

    /**
     * Grey images level for level, without colour management; colours by ITU-R BT.601 luma; what is transparent on
     * white; of 16 bits the upper 8.
     */
    static GreyImage of(BufferedImage image) {
        byte[] grey = new byte[Math.multiplyExact(image.getWidth(), image.getHeight())];
        Raster raster = image.getRaster();
        if (image.getColorModel().getNumColorComponents() == 1) {
            fromLevels(image, grey);
        } else if (image.getType() == BufferedImage.TYPE_3BYTE_BGR
                && raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte buffer
                && raster.getParent() == null) {
            fromBgr(buffer.getData(), model.getScanlineStride(), image.getWidth(), grey);
        } else {
            fromColours(image, grey);
        }
        return new GreyImage(grey, image.getWidth(), image.getHeight());
    }

    private static void fromLevels(BufferedImage image, byte[] grey) {
        Raster raster = image.getRaster();
        int width = image.getWidth();
        int bits = raster.getSampleModel().getSampleSize(0);
        int most = (1 << bits) - 1;
        boolean transparent = raster.getNumBands() == 2;
        int[] levels = new int[width];
        int[] alphas = new int[width];
        for (int y = 0; y < image.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, levels);
            if (transparent) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 1, alphas);
            }
            for (int x = 0; x < width; x++) {
                int level = bits == 8 ? levels[x] : bits > 8 ? levels[x] >> bits - 8 : levels[x] * Colours.WHITE / most;
                grey[y * width + x] =
                        (byte) (transparent ? Colours.onWhite(level, alphas[x] * Colours.WHITE / most) : level);
            }
        }
    }

    private static void fromBgr(byte[] bgr, int stride, int width, byte[] grey) {
        for (int i = 0; i < grey.length; i++) {
            int at = i / width * stride + i % width * 3;
            grey[i] = (byte) luma(bgr[at + 2] & 0xFF, bgr[at + 1] & 0xFF, bgr[at] & 0xFF);
        }
    }

    private static void fromColours(BufferedImage image, byte[] grey) {
        int width = image.getWidth();
        int[] row = new int[width];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                int level = luma(row[x] >> 16 & 0xFF, row[x] >> 8 & 0xFF, row[x] & 0xFF);
                grey[y * width + x] = (byte) Colours.onWhite(level, row[x] >>> 24);
            }
        }
    }

    /** 0.299 r + 0.587 g + 0.114 b, rounded. */
    private static int luma(int red, int green, int blue) {
        return (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
    }

    /** The same picture as {@code orientation} wants it seen. */
    GreyImage turned(Orientation orientation) {
        if (orientation == Orientation.UPRIGHT) {
            return this;
        }
        int newWidth = orientation.swapsSides() ? height : width;
        int newHeight = orientation.swapsSides() ? width : height;
        byte[] turned = new byte[pixels.length];
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                turned[y * newWidth + x] = pixels[orientation.source(x, y, width, height)];
            }
        }
        return new GreyImage(turned, newWidth, newHeight);
    }
}
