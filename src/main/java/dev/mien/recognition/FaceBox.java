package dev.mien.recognition;

/**
 * Where a face is, in pixels of the upright picture: (x, y) is the upper left corner.
 *
 * @param x columns to the left of it; may be negative where a face is cut off by the border
 * @param y rows above it; may be negative too
 * @param width at least 1
 * @param height at least 1
 */
public record FaceBox(int x, int y, int width, int height) {

    /** Checks the sides; {@link IllegalArgumentException} names them. */
    public FaceBox {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a face cannot be " + width + " x " + height + " pixels");
        }
    }
}
