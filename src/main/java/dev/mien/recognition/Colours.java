package dev.mien.recognition;

import java.awt.image.BufferedImage;

/** The colours of a picture as bytes. */
final class Colours {

    static final int WHITE = 255;

    private Colours() {}

    /** (height, width, 3) blue, green and red; grey levels repeated; what is transparent on white. */
    static byte[] bgr(BufferedImage image) {
        int width = image.getWidth();
        byte[] bgr = new byte[Math.multiplyExact(3, Math.multiplyExact(width, image.getHeight()))];
        if (image.getColorModel().getNumColorComponents() == 1) {
            byte[] levels = GreyImage.of(image).pixels();
            for (int i = 0; i < bgr.length; i++) {
                bgr[i] = levels[i / 3];
            }
            return bgr;
        }
        int[] row = new int[width];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    bgr[3 * (y * width + x) + c] = (byte) onWhite(row[x] >> 8 * c & 0xFF, row[x] >>> 24);
                }
            }
        }
        return bgr;
    }

    /** A level 0..255 that lets white through, opaque at alpha 255. */
    static int onWhite(int level, int alpha) {
        return alpha == WHITE ? level : (level * alpha + WHITE * (WHITE - alpha) + WHITE / 2) / WHITE;
    }
}
