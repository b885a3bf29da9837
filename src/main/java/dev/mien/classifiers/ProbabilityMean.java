package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;

/** What several classifiers make of the same rows: the mean of their class probabilities, each counting the same. */
public final class ProbabilityMean {

    private double[] sums;
    private int classes;

    /**
     * Adds one classifier's probabilities.
     *
     * @param probabilities (n, classes), as those added before it
     * @throws IllegalArgumentException if the shape is another
     */
    public void add(FloatMatrix probabilities) {
        float[] values = probabilities.values();
        if (sums == null) {
            sums = new double[values.length];
            classes = probabilities.columns();
        }
        if (values.length != sums.length || probabilities.columns() != classes) {
            throw new IllegalArgumentException("probabilities of %d x %d cannot be averaged with those of %d x %d"
                    .formatted(probabilities.rows(), probabilities.columns(), sums.length / classes, classes));
        }
        for (int i = 0; i < values.length; i++) {
            sums[i] += values[i];
        }
    }

    /**
     * The class of the greatest mean in each row: (n); the lowest of equals.
     *
     * @throws IllegalStateException before the first {@link #add}
     */
    public int[] predict() {
        if (sums == null) {
            throw new IllegalStateException("nothing to average");
        }
        int[] best = new int[sums.length / classes];
        for (int row = 0; row < best.length; row++) {
            for (int label = 1; label < classes; label++) {
                if (sums[row * classes + label] > sums[row * classes + best[row]]) {
                    best[row] = label;
                }
            }
        }
        return best;
    }
}
