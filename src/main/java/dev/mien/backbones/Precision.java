package dev.mien.backbones;

import dev.mien.internal.Words;

/** The number format that convolutions run in; weights, statistics, features and losses stay in float32. */
public enum Precision {
    FLOAT32,
    /** Twice the speed on cores with AVX512-BF16 and on GPUs since Ampere; slow elsewhere. */
    BFLOAT16,
    /** Float32 whose products are of 10 bits of fraction: for tensor cores of NVIDIA GPUs since Ampere, and not on a CPU. */
    TF32;

    /** The word used on the command line. */
    public String word() {
        return Words.of(this);
    }

    /**
     * Refuses a format that a device does not compute in.
     *
     * @param device {@code cpu} or {@code cuda}
     * @throws IllegalArgumentException if it does not
     */
    public void checkOn(String device) {
        if (this == TF32 && !device.equals("cuda")) {
            throw new IllegalArgumentException(
                    "precision tf32 needs an NVIDIA GPU (--device cuda); on the CPU, take float32 or bfloat16");
        }
    }
}
