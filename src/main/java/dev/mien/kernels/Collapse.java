package dev.mien.kernels;

/** When an embedding counts as collapsed to a point. */
final class Collapse {

    /** A mean distance this small a part of the yardstick is a collapse. */
    private static final double SHARE = 1e-3;

    private Collapse() {}

    /**
     * The mean distance up to which a batch is collapsed: 1/1000 of its mean distance to the origin (a point away from
     * the origin), or 1/1000 of a finite margin (a point at the origin, where the loss sticks at the margin),
     * whichever is more. For squared distances and cosine, which grow with the square of the angle, 1/1000 squared of the origin's.
     */
    static double threshold(double fromOrigin, Distance distance, double margin) {
        boolean quadratic = distance == Distance.SQUARED_EUCLIDEAN || distance == Distance.COSINE;
        double relative = fromOrigin * (quadratic ? SHARE * SHARE : SHARE);
        return Double.isInfinite(margin) ? relative : Math.max(relative, SHARE * margin);
    }

    /** The rows' mean distance to the origin. */
    static double fromOrigin(float[] values, int rows, int columns, Distance distance) {
        double mean = 0;
        for (int row = 0; row < rows; row++) {
            mean += ofRow(values, row * columns, columns, distance) / rows;
        }
        return mean;
    }

    private static double ofRow(float[] values, int offset, int columns, Distance distance) {
        double absolute = 0;
        double squares = 0;
        for (int i = offset; i < offset + columns; i++) {
            absolute += Math.abs((double) values[i]);
            squares += (double) values[i] * values[i];
        }
        return switch (distance) {
            case EUCLIDEAN -> Math.sqrt(squares);
            case SQUARED_EUCLIDEAN -> squares;
            case MANHATTAN -> absolute;
            case COSINE -> 1;
        };
    }
}
