package dev.mien.miners;

import dev.mien.kernels.CudaOnHost;
import dev.mien.kernels.NativeKernels;
import org.bytedeco.pytorch.Tensor;

/** By the library's sources compiled for the host, which is the device. */
class CudaMiningTest extends AbstractCudaMiningTest {

    @Override
    NativeKernels cuda() {
        return CudaOnHost.kernels();
    }

    @Override
    Tensor placed(Tensor tensor) {
        return tensor;
    }
}
