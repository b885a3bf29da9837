package dev.mien.kernels;

import java.util.Arrays;

/**
 * Distances from single rows of a batch to all of its rows, in float64: the differences are summed in order of columns,
 * so every value is that of the plain loop {@code for k: sum += (a[k] - b[k])^2}, whatever the vector width. Cosine is
 * half the squared distance of the rows divided by their norms, which keeps near-duplicates apart where 1 - cos cancels.
 */
final class DistanceRows {

    /** Float64 values of one tile of all columns: 256 KB, so that it stays in a core's second-level cache. */
    private static final int TILE = 1 << 15;

    private final double[][] columns; // (d, n)
    private final boolean[] isZero; // (n)
    private final Distance distance;
    private final int rows;

    DistanceRows(float[] values, int rows, int width, Distance distance) {
        this.rows = rows;
        this.distance = distance;
        columns = new double[width][rows];
        isZero = new boolean[rows];
        for (int row = 0; row < rows; row++) {
            double norm = distance == Distance.COSINE ? norm(values, row, width) : 1;
            isZero[row] = norm == 0;
            double divisor = norm == 0 ? 1 : norm;
            for (int k = 0; k < width; k++) {
                columns[k][row] = values[row * width + k] / divisor;
            }
        }
    }

    /** Fills {@code out[i]}, (n) each, with the distances from row {@code first + i}, for {@code count} rows. */
    void fill(int first, int count, double[][] out) {
        for (int i = 0; i < count; i++) {
            Arrays.fill(out[i], 0);
        }
        int tile = Math.max(128, TILE / Math.max(1, columns.length));
        for (int low = 0; low < rows; low += tile) {
            int high = Math.min(rows, low + tile);
            for (int i = 0; i < count; i++) {
                accumulate(first + i, low, high, out[i]);
            }
        }
        for (int i = 0; i < count; i++) {
            finish(first + i, out[i]);
        }
    }

    private void accumulate(int row, int low, int high, double[] sums) {
        int k = 0;
        if (distance == Distance.MANHATTAN) {
            for (; k + 4 <= columns.length; k += 4) {
                addAbsolute4(row, columns[k], columns[k + 1], columns[k + 2], columns[k + 3], low, high, sums);
            }
            for (; k < columns.length; k++) {
                addAbsolute(row, columns[k], low, high, sums);
            }
        } else {
            for (; k + 4 <= columns.length; k += 4) {
                addSquares4(row, columns[k], columns[k + 1], columns[k + 2], columns[k + 3], low, high, sums);
            }
            for (; k < columns.length; k++) {
                addSquares(row, columns[k], low, high, sums);
            }
        }
    }

    private void finish(int row, double[] sums) {
        switch (distance) {
            case EUCLIDEAN -> {
                for (int j = 0; j < rows; j++) {
                    sums[j] = Math.sqrt(sums[j]);
                }
            }
            case COSINE -> {
                for (int j = 0; j < rows; j++) {
                    sums[j] = isZero[row] || isZero[j] ? 1 : Math.min(2, sums[j] / 2);
                }
            }
            case SQUARED_EUCLIDEAN, MANHATTAN -> {}
        }
    }

    // Four columns at once spare three of four loads and stores of the sums; the order of the sum stays that of the
    // columns.
    private static void addSquares4(
            int row, double[] a, double[] b, double[] c, double[] d, int low, int high, double[] sums) {
        double a0 = a[row];
        double b0 = b[row];
        double c0 = c[row];
        double d0 = d[row];
        for (int j = low; j < high; j++) {
            double da = a0 - a[j];
            double db = b0 - b[j];
            double dc = c0 - c[j];
            double dd = d0 - d[j];
            sums[j] = sums[j] + da * da + db * db + dc * dc + dd * dd;
        }
    }

    private static void addSquares(int row, double[] a, int low, int high, double[] sums) {
        double a0 = a[row];
        for (int j = low; j < high; j++) {
            double da = a0 - a[j];
            sums[j] += da * da;
        }
    }

    private static void addAbsolute4(
            int row, double[] a, double[] b, double[] c, double[] d, int low, int high, double[] sums) {
        double a0 = a[row];
        double b0 = b[row];
        double c0 = c[row];
        double d0 = d[row];
        for (int j = low; j < high; j++) {
            sums[j] = sums[j] + Math.abs(a0 - a[j]) + Math.abs(b0 - b[j]) + Math.abs(c0 - c[j]) + Math.abs(d0 - d[j]);
        }
    }

    private static void addAbsolute(int row, double[] a, int low, int high, double[] sums) {
        double a0 = a[row];
        for (int j = low; j < high; j++) {
            sums[j] += Math.abs(a0 - a[j]);
        }
    }

    private static double norm(float[] values, int row, int width) {
        double sum = 0;
        for (int i = row * width; i < (row + 1) * width; i++) {
            sum += (double) values[i] * values[i];
        }
        return Math.sqrt(sum);
    }
}
