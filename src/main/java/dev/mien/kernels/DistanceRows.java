package dev.mien.kernels;

import java.util.Arrays;

/**
 * Distances from single anchors of a batch to all of its references, in float64: the differences are summed in order of columns,
 * so every value is that of the plain loop {@code for k: sum += (a[k] - b[k])^2}, whatever the vector width. Cosine is
 * half the squared distance of the rows divided by their norms, which keeps near-duplicates apart where 1 - cos cancels.
 */
final class DistanceRows {

    /** Float64 values of one tile of all columns: 256 KB, so that it stays in a core's second-level cache. */
    private static final int TILE = 1 << 15;

    private final Columns anchors;
    private final Columns references;
    private final Distance distance;
    private final int rows; // references

    /** Rows column by column (d, n), those of cosine divided by their norms; which of them (n) are zero. */
    private record Columns(double[][] values, boolean[] isZero) {

        static Columns of(Batch.Rows rows, int width, Distance distance) {
            float[] values = rows.array(width);
            double[][] columns = new double[width][rows.count()];
            boolean[] isZero = new boolean[rows.count()];
            for (int row = 0; row < rows.count(); row++) {
                double norm = distance == Distance.COSINE ? norm(values, row, width) : 1;
                isZero[row] = norm == 0;
                double divisor = norm == 0 ? 1 : norm;
                for (int k = 0; k < width; k++) {
                    columns[k][row] = values[row * width + k] / divisor;
                }
            }
            return new Columns(columns, isZero);
        }
    }

    DistanceRows(Batch batch, Distance distance) {
        this.distance = distance;
        anchors = Columns.of(batch.anchors, batch.columns, distance);
        references = batch.references == null ? anchors : Columns.of(batch.references, batch.columns, distance);
        rows = batch.references();
    }

    /** Fills {@code out[i]}, (n) each, with the distances from anchor {@code first + i}, for {@code count} rows. */
    void fill(int first, int count, double[][] out) {
        for (int i = 0; i < count; i++) {
            Arrays.fill(out[i], 0);
        }
        int tile = Math.max(128, TILE / Math.max(1, references.values().length));
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
        double[][] own = anchors.values();
        double[][] columns = references.values();
        int k = 0;
        if (distance == Distance.MANHATTAN) {
            for (; k + 4 <= columns.length; k += 4) {
                addAbsolute4(row, own, k, columns[k], columns[k + 1], columns[k + 2], columns[k + 3], low, high, sums);
            }
            for (; k < columns.length; k++) {
                addAbsolute(own[k][row], columns[k], low, high, sums);
            }
        } else {
            for (; k + 4 <= columns.length; k += 4) {
                addSquares4(row, own, k, columns[k], columns[k + 1], columns[k + 2], columns[k + 3], low, high, sums);
            }
            for (; k < columns.length; k++) {
                addSquares(own[k][row], columns[k], low, high, sums);
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
                    sums[j] = anchors.isZero()[row] || references.isZero()[j] ? 1 : Math.min(2, sums[j] / 2);
                }
            }
            case SQUARED_EUCLIDEAN, MANHATTAN -> {}
        }
    }

    // Four columns at once spare three of four loads and stores of the sums; the order of the sum stays that of the
    // columns.
    private static void addSquares4(
            int row,
            double[][] own,
            int k,
            double[] a,
            double[] b,
            double[] c,
            double[] d,
            int low,
            int high,
            double[] sums) {
        double a0 = own[k][row];
        double b0 = own[k + 1][row];
        double c0 = own[k + 2][row];
        double d0 = own[k + 3][row];
        for (int j = low; j < high; j++) {
            double da = a0 - a[j];
            double db = b0 - b[j];
            double dc = c0 - c[j];
            double dd = d0 - d[j];
            sums[j] = sums[j] + da * da + db * db + dc * dc + dd * dd;
        }
    }

    private static void addSquares(double a0, double[] a, int low, int high, double[] sums) {
        for (int j = low; j < high; j++) {
            double da = a0 - a[j];
            sums[j] += da * da;
        }
    }

    private static void addAbsolute4(
            int row,
            double[][] own,
            int k,
            double[] a,
            double[] b,
            double[] c,
            double[] d,
            int low,
            int high,
            double[] sums) {
        double a0 = own[k][row];
        double b0 = own[k + 1][row];
        double c0 = own[k + 2][row];
        double d0 = own[k + 3][row];
        for (int j = low; j < high; j++) {
            sums[j] = sums[j] + Math.abs(a0 - a[j]) + Math.abs(b0 - b[j]) + Math.abs(c0 - c[j]) + Math.abs(d0 - d[j]);
        }
    }

    private static void addAbsolute(double a0, double[] a, int low, int high, double[] sums) {
        for (int j = low; j < high; j++) {
            sums[j] += Math.abs(a0 - a[j]);
        }
    }

    static double norm(float[] values, int row, int width) {
        double sum = 0;
        for (int i = row * width; i < (row + 1) * width; i++) {
            sum += (double) values[i] * values[i];
        }
        return Math.sqrt(sum);
    }
}
