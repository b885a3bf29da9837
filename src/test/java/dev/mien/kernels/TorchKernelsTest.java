package dev.mien.kernels;

/** The shared tests over LibTorch. */
class TorchKernelsTest extends AbstractKernelsTest {

    @Override
    Kernels kernels() {
        return new TorchKernels();
    }
}
