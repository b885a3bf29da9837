package dev.mien.kernels;

import org.bytedeco.pytorch.Tensor;

/**
 * What computes distances and mines: LibTorch, with {@link MiningPass} in plain Java as its miner ({@link TorchKernels}),
 * or the native library ({@link NativeKernels}).
 */
public sealed interface Kernels permits TorchKernels, NativeKernels {

    /**
     * The kernels that the environment variable MIEN_KERNELS names: {@code native}, the default, or {@code torch}. One is
     * never silently replaced by the other.
     *
     * @throws IllegalArgumentException if MIEN_KERNELS is another word
     * @throws IllegalStateException if the native library is asked for and missing
     */
    static Kernels preferred() {
        String word = System.getenv().getOrDefault("MIEN_KERNELS", "native");
        return switch (word) {
            case "native" -> NativeKernels.shared();
            case "torch" -> new TorchKernels();
            default -> throw new IllegalArgumentException("MIEN_KERNELS must be torch or native, not '" + word + "'");
        };
    }

    /** Which kernels these are and what they run on, for logs and reports, such as {@code native (serial)}. */
    String description();

    /** The same of tensors on a device: {@code cpu} or {@code cuda}; {@link IllegalStateException} if it lacks its library. */
    default String description(String device) {
        return description();
    }

    /**
     * All distances between the rows of a and b.
     *
     * @param a (n, d) float32
     * @param b (m, d) float32
     * @return (n, m) float32, accurate to 1e-6 relative
     * @throws IllegalArgumentException if the shapes disagree, or naming the first row that is not finite
     */
    Tensor distances(Tensor a, Tensor b, Distance distance);
}
