package dev.mien.training;

import dev.mien.internal.Words;

/** How much a class counts in the cross entropy. */
public enum ClassWeights {
    /** Every image the same. */
    EQUAL(0),
    /** By the root of its inverse frequency: a compromise between accuracy and macro F1. */
    ROOT(0.5),
    /** By its inverse frequency: every class the same. */
    BALANCED(1);

    private final double power;

    ClassWeights(double power) {
        this.power = power;
    }

    /** Weights of classes with these numbers of images, around 1; null where all are equal. */
    float[] of(int[] counts) {
        if (this == EQUAL) {
            return null;
        }
        double mean = 0;
        for (int count : counts) {
            mean += (double) count / counts.length;
        }
        float[] weights = new float[counts.length];
        for (int i = 0; i < counts.length; i++) {
            weights[i] = (float) Math.pow(mean / Math.max(1, counts[i]), power);
        }
        return weights;
    }

    /** The word used on the command line. */
    public String word() {
        return Words.of(this);
    }
}
