package dev.mien.kernels;

/**
 * Distances of one anchor to chosen references in float64, as a brute force computes them: differences summed in order of
 * columns; cosine is half the squared distance of the rows divided by their norms. One thread uses it at a time.
 */
public final class ExactDistances {

    /** Rows that are summed side by side, as a sum in order waits for each of its additions. */
    private static final int TOGETHER = 4;

    private final Rows anchors;
    private final Rows references;
    private final Distance distance;
    private final double[] own;
    private final double[][] others;
    private double ownNorm;

    /** Row-major values, and the norms of rows for cosine; 0 marks a row of zeros. */
    record Rows(float[] values, int columns, double[] norms) {

        static Rows of(Batch.Rows rows, int columns, Distance distance) {
            float[] values = rows.array(columns);
            double[] norms = new double[rows.count()];
            for (int row = 0; row < norms.length; row++) {
                norms[row] = distance == Distance.COSINE ? DistanceRows.norm(values, row, columns) : 1;
            }
            return new Rows(values, columns, norms);
        }

        void copy(int row, double[] into) {
            double divisor = norms[row] == 0 ? 1 : norms[row];
            int first = row * columns;
            for (int k = 0; k < columns; k++) {
                into[k] = values[first + k] / divisor;
            }
        }
    }

    ExactDistances(Rows anchors, Rows references, Distance distance) {
        this.anchors = anchors;
        this.references = references;
        this.distance = distance;
        own = new double[anchors.columns()];
        others = new double[TOGETHER][anchors.columns()];
    }

    void moveTo(int anchor) {
        anchors.copy(anchor, own);
        ownNorm = anchors.norms()[anchor];
    }

    /** Fills {@code out[i]} with the distance to reference {@code rows[i]}, for the first {@code count}. */
    public void fill(int[] rows, int count, double[] out) {
        double[] sums = new double[TOGETHER];
        for (int first = 0; first < count; first += TOGETHER) {
            int some = Math.min(TOGETHER, count - first);
            for (int i = 0; i < some; i++) {
                references.copy(rows[first + i], others[i]);
            }
            sum(sums);
            for (int i = 0; i < some; i++) {
                out[first + i] = finished(sums[i], rows[first + i]);
            }
        }
    }

    private void sum(double[] sums) {
        if (distance == Distance.MANHATTAN) {
            sumAbsolute(own, others[0], others[1], others[2], others[3], sums);
        } else {
            sumSquares(own, others[0], others[1], others[2], others[3], sums);
        }
    }

    private double finished(double sum, int row) {
        return switch (distance) {
            case EUCLIDEAN -> Math.sqrt(sum);
            case SQUARED_EUCLIDEAN, MANHATTAN -> sum;
            case COSINE -> ownNorm == 0 || references.norms()[row] == 0 ? 1 : Math.min(2, sum / 2);
        };
    }

    private static void sumSquares(double[] own, double[] a, double[] b, double[] c, double[] d, double[] sums) {
        double sa = 0;
        double sb = 0;
        double sc = 0;
        double sd = 0;
        for (int k = 0; k < own.length; k++) {
            double x = own[k];
            sa += (x - a[k]) * (x - a[k]);
            sb += (x - b[k]) * (x - b[k]);
            sc += (x - c[k]) * (x - c[k]);
            sd += (x - d[k]) * (x - d[k]);
        }
        sums[0] = sa;
        sums[1] = sb;
        sums[2] = sc;
        sums[3] = sd;
    }

    private static void sumAbsolute(double[] own, double[] a, double[] b, double[] c, double[] d, double[] sums) {
        double sa = 0;
        double sb = 0;
        double sc = 0;
        double sd = 0;
        for (int k = 0; k < own.length; k++) {
            double x = own[k];
            sa += Math.abs(x - a[k]);
            sb += Math.abs(x - b[k]);
            sc += Math.abs(x - c[k]);
            sd += Math.abs(x - d[k]);
        }
        sums[0] = sa;
        sums[1] = sb;
        sums[2] = sc;
        sums[3] = sd;
    }
}
