package dev.mien.classifiers;

import java.nio.FloatBuffer;

/**
 * The dual of the C-SVC for two classes by sequential minimal optimisation with second-order working sets (Fan, Chen
 * and Lin, JMLR 6, 2005, working set selection 3: the one LIBSVM uses), on a kernel matrix that is already there.
 */
final class SmoSolver {

    private static final double STOP = 1e-3; // LIBSVM's default
    private static final double SMALLEST_CURVATURE = 1e-12;

    /**
     * A solution: decision(x) = sum_i coefficient_i k(x_i, x) + bias.
     *
     * @param coefficient (n) y_i alpha_i; 0 where a row is no support vector
     * @param bias added to the sum
     */
    record Solution(float[] coefficient, float bias) {}

    private final FloatBuffer kernel; // (n, n)
    private final int[] y; // (n) +1 or -1
    private final double[] bound; // (n) C of each row
    private final double[] alpha; // (n)
    private final double[] score; // (n) y_i minus the decision of row i without bias
    private final float[] rowI;
    private final float[] rowJ;

    private SmoSolver(FloatBuffer kernel, int[] y, double[] bound) {
        this.kernel = kernel;
        this.y = y;
        this.bound = bound;
        alpha = new double[y.length];
        score = new double[y.length];
        rowI = new float[y.length];
        rowJ = new float[y.length];
    }

    /**
     * Solves for labels y (n) of +1 and -1, both present, and bounds (n) above 0.
     *
     * @param kernel (n, n) with ones on its diagonal
     */
    static Solution solve(FloatBuffer kernel, int[] y, double[] bound) {
        SmoSolver solver = new SmoSolver(kernel, y, bound);
        solver.run();
        return solver.solution();
    }

    private void run() {
        for (int row = 0; row < y.length; row++) {
            score[row] = y[row];
        }
        // LIBSVM's limit: a guard against cycling in rounding errors, never reached in practice
        long limit = Math.max(10_000_000L, 100L * y.length);
        for (long step = 0; step < limit; step++) {
            int i = highest();
            copyRow(i, rowI);
            int j = partner(i);
            if (j < 0) {
                return;
            }
            copyRow(j, rowJ);
            move(i, j);
        }
    }

    /** The row that may rise along its label with the greatest score. */
    private int highest() {
        int best = -1;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int row = 0; row < y.length; row++) {
            if (score[row] > greatest && mayRise(row)) {
                greatest = score[row];
                best = row;
            }
        }
        return best;
    }

    /**
     * The row whose joint move with i lowers the objective most, or -1 when i beats every row by less than the
     * tolerance.
     */
    private int partner(int i) {
        int best = -1;
        double most = 0;
        double lowest = Double.POSITIVE_INFINITY;
        for (int row = 0; row < y.length; row++) {
            if (!mayFall(row)) {
                continue;
            }
            lowest = Math.min(lowest, score[row]);
            double gap = score[i] - score[row];
            if (gap > 0) {
                double gain = gap * gap / curvature(row);
                if (gain > most) {
                    most = gain;
                    best = row;
                }
            }
        }
        return score[i] - lowest < STOP ? -1 : best;
    }

    private void move(int i, int j) {
        double step = (score[i] - score[j]) / curvature(j);
        step = Math.min(step, y[i] > 0 ? bound[i] - alpha[i] : alpha[i]);
        step = Math.min(step, y[j] > 0 ? alpha[j] : bound[j] - alpha[j]);
        alpha[i] = snapped(alpha[i] + y[i] * step, bound[i]);
        alpha[j] = snapped(alpha[j] - y[j] * step, bound[j]);
        for (int row = 0; row < y.length; row++) {
            score[row] -= step * (rowI[row] - rowJ[row]);
        }
    }

    /** The second derivative along the pair (i, row): k_ii + k_jj - 2 k_ij with ones on the diagonal. */
    private double curvature(int row) {
        return Math.max(2 - 2 * (double) rowI[row], SMALLEST_CURVATURE);
    }

    private boolean mayRise(int row) {
        return y[row] > 0 ? alpha[row] < bound[row] : alpha[row] > 0;
    }

    private boolean mayFall(int row) {
        return y[row] > 0 ? alpha[row] > 0 : alpha[row] < bound[row];
    }

    private Solution solution() {
        float[] coefficient = new float[y.length];
        double sum = 0;
        int free = 0;
        double highest = Double.NEGATIVE_INFINITY;
        double lowest = Double.POSITIVE_INFINITY;
        for (int row = 0; row < y.length; row++) {
            coefficient[row] = (float) (y[row] * alpha[row]);
            if (mayRise(row) && mayFall(row)) {
                sum += score[row];
                free++;
            } else if (mayRise(row)) {
                highest = Math.max(highest, score[row]);
            } else {
                lowest = Math.min(lowest, score[row]);
            }
        }
        return new Solution(coefficient, (float) (free > 0 ? sum / free : (highest + lowest) / 2));
    }

    private void copyRow(int row, float[] into) {
        kernel.get(row * y.length, into);
    }

    /** Rounding must not leave a multiplier a hair inside its box: the row would stay selectable for ever. */
    private static double snapped(double value, double bound) {
        double hair = 1e-12 * bound;
        return value < hair ? 0 : value > bound - hair ? bound : value;
    }
}
