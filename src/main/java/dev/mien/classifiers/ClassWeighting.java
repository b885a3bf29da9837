package dev.mien.classifiers;

import java.util.Arrays;

/** How much a row counts while fitting, by how rare its class is (FER2013's disgust is 1.5 % of the rows). */
public enum ClassWeighting {
    /** Every row counts the same. */
    NONE,
    /** Rows count by 1 / sqrt(rows of their class): rare classes gain without swamping the frequent ones. */
    SQUARE_ROOT,
    /** Rows count by 1 / (rows of their class): every class counts the same. */
    BALANCED;

    /** Weights per class (classes), scaled so that the mean over the rows is 1; 0 for a class without rows. */
    float[] weights(int[] labels, int classes) {
        int[] counts = Inputs.countsPerClass(labels, classes);
        double power =
                switch (this) {
                    case NONE -> 0;
                    case SQUARE_ROOT -> 0.5;
                    case BALANCED -> 1;
                };
        double[] raw = Arrays.stream(counts)
                .mapToDouble(count -> count == 0 ? 0 : Math.pow(count, -power))
                .toArray();
        double total = 0;
        for (int label = 0; label < classes; label++) {
            total += raw[label] * counts[label];
        }
        float[] weights = new float[classes];
        for (int label = 0; label < classes; label++) {
            weights[label] = (float) (raw[label] * labels.length / total);
        }
        return weights;
    }
}
