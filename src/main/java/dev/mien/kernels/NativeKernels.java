package dev.mien.kernels;

import dev.mien.internal.Native;
import dev.mien.internal.NativeRuntime;
import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * The native library's kernels, and those for CUDA where tensors are on such a device. LibTorch is loaded only by the
 * methods that take a tensor, {@code libmien_cuda} only by those that take one on a CUDA device: they throw
 * {@link IllegalStateException} where it is missing.
 */
public final class NativeKernels implements Kernels {

    private static volatile NativeKernels shared;

    private final Cuda cuda;
    private final CudaPrecision precision;

    /**
     * Loads the native library.
     *
     * @throws IllegalStateException if it is missing or does not load
     * @throws IllegalArgumentException if the environment variable MIEN_MAX_ISA is not serial, avx2 or avx512
     */
    public NativeKernels() {
        this(new LibTorchCuda(), CudaPrecision.FLOAT32);
    }

    NativeKernels(Cuda cuda, CudaPrecision precision) {
        this.cuda = cuda;
        this.precision = precision;
        NativeRuntime.loadKernels();
        Native.activeIsa();
    }

    /** On {@code cuda} such as {@code libmien_cuda 0.1.0 (float32)}, with the precision of the first pass. */
    @Override
    public String description(String device) {
        return device.equals("cuda")
                ? "libmien_cuda %s (%s)".formatted(cuda.library().version(), precision.word())
                : description();
    }

    /** These with another precision of the first pass on CUDA devices, at first float32. */
    public NativeKernels withCudaPrecision(CudaPrecision other) {
        return new NativeKernels(cuda, other);
    }

    /** One instance for all who ask for the preferred kernels; a failure to load is thrown each time. */
    static NativeKernels shared() {
        if (shared == null) {
            shared = new NativeKernels();
        }
        return shared;
    }

    /** {@code native (isa)}, with the instruction set in use: serial, avx2 or avx512. */
    @Override
    public String description() {
        return "native (" + Native.activeIsa() + ")";
    }

    /** Mining by the native library. */
    public NativeMining mining() {
        return new NativeMining(cuda, precision);
    }

    /** As {@link Kernels#distances}, on the device of a; on CUDA devices also of bfloat16 and float16. */
    @Override
    public Tensor distances(Tensor a, Tensor b, Distance distance) {
        return NativeTensors.distances(a, b, distance, cuda, precision);
    }

    /**
     * All distances between the rows of a and b, without LibTorch. Buffers are read and written from their positions,
     * which do not move; direct buffers in native byte order are used in place, others are copied.
     *
     * @param a (n, d)
     * @param n rows of a, 0 or more
     * @param b (m, d)
     * @param m rows of b, 0 or more
     * @param d columns, 1 or more
     * @param out (n, m), accurate to 1e-6 relative
     * @throws IllegalArgumentException if a buffer is too short or read-only, or naming the first row that holds a NaN
     *     or an infinity
     */
    public void distances(FloatBuffer a, long n, FloatBuffer b, long m, long d, Distance distance, FloatBuffer out) {
        requireRemaining("a", a, n, d);
        requireRemaining("b", b, m, d);
        requireRemaining("out", out, n, m);
        if (out.isReadOnly()) {
            throw new IllegalArgumentException("out is a read-only buffer");
        }
        try (PointerScope scope = new PointerScope()) {
            FloatPointer left = NativeBuffers.input(a, n * d);
            FloatPointer right = NativeBuffers.input(b, m * d);
            FloatPointer result = NativeBuffers.output(out, n * m);
            Native.distances(left, n, right, m, d, distance.ordinal(), result);
            NativeBuffers.finish(result, out, n * m);
        } finally { // pointers do not keep the memory of a buffer alive
            Reference.reachabilityFence(a);
            Reference.reachabilityFence(b);
            Reference.reachabilityFence(out);
        }
    }

    private static void requireRemaining(String name, FloatBuffer buffer, long rows, long columns) {
        if (rows < 0 || columns < 0) {
            throw new IllegalArgumentException("%s cannot be of shape (%d, %d)".formatted(name, rows, columns));
        }
        if (rows != 0 && columns > buffer.remaining() / rows) {
            throw new IllegalArgumentException(
                    "%s holds %d floats, too few for (%d, %d)".formatted(name, buffer.remaining(), rows, columns));
        }
    }
}
