package dev.mien.internal;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Brings Java's numbers to a device, where a copy from ordinary memory would make the host wait for all that a GPU has
 * still to do. From pinned memory it waits for nothing; LibTorch keeps that memory until the copy is done.
 */
public final class Uploads {

    static {
        NativeRuntime.load();
    }

    private Uploads() {}

    /** int64 (n). */
    public static Tensor longs(long[] values, Device device) {
        return to(Tensor.create(values), device);
    }

    /** Row numbers as int64 (n). */
    public static Tensor rows(int[] rows, Device device) {
        long[] wide = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            wide[i] = rows[i];
        }
        return longs(wide, device);
    }

    /** float32 of a shape. */
    public static Tensor floats(float[] values, Device device, long... shape) {
        return to(Tensor.create(values, shape), device);
    }

    /** A tensor in host memory as it is, on a device. */
    public static Tensor to(Tensor host, Device device) {
        return device.is_cuda()
                ? host.pin_memory().to(device, host.scalar_type(), true, false, new MemoryFormatOptional())
                : host.to(device, host.scalar_type());
    }
}
