package dev.mien.backbones;

import dev.mien.internal.Words;

/** The number format that convolutions run in; weights, statistics, features and losses stay in float32. */
public enum Precision {
    FLOAT32,
    /** Twice the speed on cores with AVX512-BF16 and on GPUs since Ampere; slow elsewhere. */
    BFLOAT16;

    /** The word used on the command line. */
    public String word() {
        return Words.of(this);
    }
}
