package dev.mien.kernels;

import dev.mien.internal.Words;

/** A distance between two rows; always smaller is closer. The ordinal is the code that the native library takes. */
public enum Distance {
    /** sqrt(sum (a - b)^2). */
    EUCLIDEAN,
    /** sum (a - b)^2. */
    SQUARED_EUCLIDEAN,
    /** sum |a - b|. */
    MANHATTAN,
    /** 1 - cos(a, b), in 0..2; a zero vector is at 1 from everything. */
    COSINE;

    /** The word used on the command line, such as {@code squared-euclidean}. */
    public String word() {
        return Words.of(this);
    }
}
