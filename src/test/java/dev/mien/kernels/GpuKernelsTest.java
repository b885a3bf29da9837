package dev.mien.kernels;

import dev.mien.internal.Gpu;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** On a GPU, by the real library. */
@Tag("gpu")
class GpuKernelsTest extends AbstractKernelsTest {

    @BeforeAll
    static void requireGpu() {
        Gpu.require();
    }

    @Override
    Kernels kernels() {
        return new NativeKernels();
    }

    @Override
    Tensor placed(Tensor tensor) {
        return Gpu.placed(tensor);
    }
}
