package dev.mien.kernels;

/** The shared tests over the native library. */
class NativeKernelsTest extends AbstractKernelsTest {

    @Override
    Kernels kernels() {
        return new NativeKernels();
    }
}
