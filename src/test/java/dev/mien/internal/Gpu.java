package dev.mien.internal;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The GPU of the tests that are tagged {@code gpu}. */
public final class Gpu {

    private Gpu() {}

    /** Fails where there is none: whoever asks for these tests wants them run. */
    public static void require() {
        NativeRuntime.load();
        if (!torch.cuda_is_available()) {
            throw new IllegalStateException("LibTorch sees no CUDA device: run on a machine with a GPU, with -Pcuda");
        }
    }

    /** The tensor on the GPU. */
    public static Tensor placed(Tensor tensor) {
        return tensor.to(new Device("cuda"), tensor.scalar_type());
    }
}
