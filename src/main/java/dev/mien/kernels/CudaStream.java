package dev.mien.kernels;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.cuda.CUDAGuard;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * A stream to compute on. The classes of LibTorch's CUDA part, which its natives for CPUs lack, are named here alone.
 *
 * @param address a {@code cudaStream_t}
 * @param guard closed with this; null for none
 */
record CudaStream(long address, Pointer guard) implements AutoCloseable {

    /** LibTorch's own on the tensor's device, which is the current one until this is closed. */
    static CudaStream current(Tensor tensor) {
        byte device = tensor.device().index();
        CUDAGuard guard = new CUDAGuard(device);
        Pointer stream = torch_cuda.getCurrentCUDAStream(device).stream();
        return new CudaStream(stream == null ? 0 : stream.address(), guard); // the default stream is null
    }

    @Override
    public void close() {
        if (guard != null) {
            guard.close();
        }
    }
}
