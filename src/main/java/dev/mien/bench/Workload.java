package dev.mien.bench;

import dev.mien.kernels.Distance;

/**
 * What an operation is measured on.
 *
 * @param n rows, 8 or more
 * @param d columns, 1 or more
 */
public record Workload(int n, int d, Distance distance, Clusters data) {

    private static final int MOST_CLASSES = 256;
    private static final int LEAST_ROWS_OF_A_CLASS = 4;
    private static final int LEAST_ROWS = 2 * LEAST_ROWS_OF_A_CLASS;

    /** Checks the sizes; {@link IllegalArgumentException} otherwise. */
    public Workload {
        if (n < LEAST_ROWS) {
            throw new IllegalArgumentException("n must be at least %d, not %d".formatted(LEAST_ROWS, n));
        }
        if (d < 1) {
            throw new IllegalArgumentException("d must be at least 1, not " + d);
        }
    }

    /** 256, or fewer where a class would have less than four rows. */
    public int classes() {
        return Math.min(MOST_CLASSES, n / LEAST_ROWS_OF_A_CLASS);
    }

    /** The margin of every rule: 0.2 between unit rows, or what is like it by another distance. */
    public double margin() {
        return switch (distance) {
            case EUCLIDEAN, SQUARED_EUCLIDEAN -> 0.2;
            case COSINE -> 0.1;
            case MANHATTAN -> 0.2 * Math.sqrt(2 / Math.PI * d); // of a difference in a random direction
        };
    }

    /** Multiply-adds of all distances, n n d, whatever symmetry saves. */
    public double multiplyAdds() {
        return (double) n * n * d;
    }

    /** Bytes of one float32 matrix of all distances. */
    public long matrixBytes() {
        return 4L * n * n;
    }
}
