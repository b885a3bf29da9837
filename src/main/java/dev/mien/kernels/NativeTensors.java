package dev.mien.kernels;

import dev.mien.internal.Native;
import dev.mien.internal.NativeRuntime;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Hands tensors to the native library; apart from {@link NativeKernels}, which must not load LibTorch for buffers. */
final class NativeTensors {

    static {
        NativeRuntime.load();
    }

    private NativeTensors() {}

    static Tensor distances(Tensor a, Tensor b, Distance distance, Cuda cuda, CudaPrecision precision) {
        boolean onDevice = cuda.takes(a);
        requireMatrix("a", a, onDevice);
        requireMatrix("b", b, onDevice);
        if (a.size(1) != b.size(1)) {
            throw new IllegalArgumentException("a has %d columns and b has %d".formatted(a.size(1), b.size(1)));
        }
        requireSameDevice(a, b);
        return onDevice ? new CudaMining(cuda, precision).distances(a, b, distance) : distances(a, b, distance);
    }

    private static Tensor distances(Tensor a, Tensor b, Distance distance) {
        long n = a.size(0);
        long m = b.size(0);
        Tensor out = torch.empty(n, m); // outside the scope below: it belongs to the caller's
        try (PointerScope scope = new PointerScope()) {
            FloatPointer left = a.contiguous().data_ptr_float();
            FloatPointer right = b.contiguous().data_ptr_float();
            Native.distances(left, n, right, m, a.size(1), distance.ordinal(), out.data_ptr_float());
            return out;
        } catch (IllegalArgumentException e) {
            out.close();
            throw e;
        }
    }

    private static void requireMatrix(String name, Tensor tensor, boolean onDevice) {
        if (tensor.dim() != 2) {
            throw new IllegalArgumentException(
                    "%s has %d dimensions; a matrix (rows, columns) is needed".formatted(name, tensor.dim()));
        }
        torch.ScalarType type = tensor.scalar_type().intern();
        if (type != torch.ScalarType.Float && !(onDevice && TensorRows.isFloating(type))) {
            throw new IllegalArgumentException(
                    "%s holds %s values; float32 is needed%s".formatted(name, type, onDevice ? ", or half of it" : ""));
        }
        if (onDevice && tensor.size(1) == 0) { // the library says so, too, but not of which
            throw new IllegalArgumentException(name + " must have at least 1 column, not 0");
        }
    }

    private static void requireSameDevice(Tensor a, Tensor b) {
        try (PointerScope scope = new PointerScope()) {
            if (!a.device().equals(b.device())) {
                throw new IllegalArgumentException("a is on %s and b on %s"
                        .formatted(
                                a.device().str().getString(), b.device().str().getString()));
            }
        }
    }
}
