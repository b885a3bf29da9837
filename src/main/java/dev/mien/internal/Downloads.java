package dev.mien.internal;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Brings a tensor's numbers to Java, from any device; the host waits for what a GPU has still to do for them. */
public final class Downloads {

    static {
        NativeRuntime.load();
    }

    private Downloads() {}

    /** A copy in float32, row-major, of a tensor of any shape and of at most 2^31 - 1 values. */
    public static float[] floats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        try (PointerScope scope = new PointerScope()) {
            if (values.length > 0) { // an empty tensor has no address
                tensor.detach()
                        .to(ScalarType.Float)
                        .cpu()
                        .contiguous()
                        .data_ptr_float()
                        .get(values);
            }
        }
        return values;
    }
}
