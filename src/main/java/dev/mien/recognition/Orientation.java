package dev.mien.recognition;

/** How a camera was held, in the order of EXIF's values 1 to 8: what has to be done to the stored picture. */
enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    HALF_TURN(false, true, true),
    UPSIDE_DOWN_MIRRORED(false, false, true),
    TRANSPOSED(true, false, false),
    QUARTER_TURN_RIGHT(true, false, true),
    TRANSVERSED(true, true, true),
    QUARTER_TURN_LEFT(true, true, false);

    private final boolean swapsSides;
    private final boolean fromRight;
    private final boolean fromBottom;

    /** Column x of the upright picture is read from a column (a row where sides swap), from its end on or not. */
    Orientation(boolean swapsSides, boolean fromRight, boolean fromBottom) {
        this.swapsSides = swapsSides;
        this.fromRight = fromRight;
        this.fromBottom = fromBottom;
    }

    /** By EXIF's value; anything unknown is upright. */
    static Orientation ofExif(int value) {
        return value >= 1 && value <= values().length ? values()[value - 1] : UPRIGHT;
    }

    /** Whether width and height change places. */
    boolean swapsSides() {
        return swapsSides;
    }

    /**
     * Where pixel (x, y) of the upright picture is stored, as an index into rows.
     *
     * @param width of the stored picture
     * @param height of the stored picture
     */
    int source(int x, int y, int width, int height) {
        int column = swapsSides ? y : x;
        int row = swapsSides ? x : y;
        return (fromBottom ? height - 1 - row : row) * width + (fromRight ? width - 1 - column : column);
    }
}
