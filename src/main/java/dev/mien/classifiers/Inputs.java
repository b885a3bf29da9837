package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;

/** The checks every classifier makes on what it is given. */
final class Inputs {

    private Inputs() {}

    /** Checks what {@link Classifier#fit} promises to check. */
    static void checkFit(FloatMatrix features, int[] labels, int classes) {
        if (features.rows() != labels.length) {
            throw new IllegalArgumentException(
                    "%d feature rows but %d labels".formatted(features.rows(), labels.length));
        }
        if (classes < 2) {
            throw new IllegalArgumentException("a classifier needs at least 2 classes, not " + classes);
        }
        if (features.columns() < 1) {
            throw new IllegalArgumentException("features have no columns");
        }
        checkLabels(labels, classes);
        checkFinite(features);
    }

    /** Checks what {@link Classifier#predict} promises to check. */
    static void checkPredict(FloatMatrix features, int columns) {
        if (columns < 1) {
            throw new IllegalStateException("the classifier has not been fitted");
        }
        if (features.columns() != columns) {
            throw new IllegalArgumentException(
                    "the classifier was fitted on %d features per row, not %d".formatted(columns, features.columns()));
        }
        checkFinite(features);
    }

    /** Rows of each class: (classes). */
    static int[] countsPerClass(int[] labels, int classes) {
        int[] counts = new int[classes];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    private static void checkLabels(int[] labels, int classes) {
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= classes) {
                throw new IllegalArgumentException(
                        "row %d has label %d; expected 0 to %d".formatted(row, labels[row], classes - 1));
            }
        }
        int present = 0;
        for (int count : countsPerClass(labels, classes)) {
            present += count > 0 ? 1 : 0;
        }
        if (present < 2) {
            throw new IllegalArgumentException("the labels hold %d class%s; a classifier needs at least 2"
                    .formatted(present, present == 1 ? "" : "es"));
        }
    }

    private static void checkFinite(FloatMatrix features) {
        float[] values = features.values();
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("row %d, column %d of the features is %s"
                        .formatted(i / features.columns(), i % features.columns(), values[i]));
            }
        }
    }
}
