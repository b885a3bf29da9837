package dev.mien.kernels;

/** By the CUDA library, on the host. */
class CudaKernelsTest extends AbstractKernelsTest {

    @Override
    Kernels kernels() {
        return CudaOnHost.kernels();
    }
}
