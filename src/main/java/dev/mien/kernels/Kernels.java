package dev.mien.kernels;

import org.bytedeco.pytorch.Tensor;

/** Batched pairwise distances: LibTorch's ({@link TorchKernels}) or the native library's ({@link NativeKernels}). */
public sealed interface Kernels permits TorchKernels, NativeKernels {

    /** Which kernels these are and what they run on, for logs and reports, such as {@code native (serial)}. */
    String description();

    /**
     * All distances between the rows of a and b.
     *
     * @param a (n, d) float32
     * @param b (m, d) float32
     * @return (n, m) float32, accurate to 1e-6 relative
     * @throws IllegalArgumentException if the shapes disagree, or naming the first row that holds a NaN or an infinity
     */
    Tensor distances(Tensor a, Tensor b, Distance distance);
}
