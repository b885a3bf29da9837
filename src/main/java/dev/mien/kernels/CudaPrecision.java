package dev.mien.kernels;

import dev.mien.internal.Words;

/**
 * What the first pass of a CUDA kernel computes in. It changes the speed only: what it cannot tell apart within its error
 * is settled in float64. The ordinal is the code that the native library takes.
 */
public enum CudaPrecision {
    /** float32. */
    FLOAT32,
    /** Tensor cores on float32 with 10 bits of mantissa. */
    TF32,
    /** Tensor cores on bfloat16. */
    BFLOAT16;

    /** The word used on the command line. */
    public String word() {
        return Words.of(this);
    }
}
