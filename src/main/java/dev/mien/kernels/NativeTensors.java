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

    static Tensor distances(Tensor a, Tensor b, Distance distance) {
        requireMatrix("a", a);
        requireMatrix("b", b);
        long n = a.size(0);
        long m = b.size(0);
        long d = a.size(1);
        if (d != b.size(1)) {
            throw new IllegalArgumentException("a has %d columns and b has %d".formatted(d, b.size(1)));
        }
        Tensor out = torch.empty(n, m); // outside the scope below: it belongs to the caller's
        try (PointerScope scope = new PointerScope()) {
            FloatPointer left = a.contiguous().data_ptr_float();
            FloatPointer right = b.contiguous().data_ptr_float();
            Native.distances(left, n, right, m, d, distance.ordinal(), out.data_ptr_float());
            return out;
        } catch (IllegalArgumentException e) {
            out.close();
            throw e;
        }
    }

    private static void requireMatrix(String name, Tensor tensor) {
        try (PointerScope scope = new PointerScope()) {
            if (tensor.dim() != 2) {
                throw new IllegalArgumentException(
                        "%s has %d dimensions; a matrix (rows, columns) is needed".formatted(name, tensor.dim()));
            }
            torch.ScalarType type = tensor.scalar_type().intern();
            if (type != torch.ScalarType.Float) {
                throw new IllegalArgumentException("%s holds %s values; float32 is needed".formatted(name, type));
            }
            if (!tensor.device().is_cpu()) {
                throw new IllegalArgumentException("the native kernels take tensors on the CPU, and " + name + " is on "
                        + tensor.device().str().getString());
            }
        }
    }
}
