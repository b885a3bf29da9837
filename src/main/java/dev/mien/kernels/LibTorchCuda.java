package dev.mien.kernels;

import dev.mien.internal.NativeCuda;
import dev.mien.internal.NativeRuntime;
import org.bytedeco.pytorch.Tensor;

/** Tensors that are on a CUDA device go to the library, on the stream that LibTorch computes on. */
final class LibTorchCuda implements Cuda {

    @Override
    public boolean takes(Batch batch) {
        return batch.anchors instanceof DeviceRows
                && (batch.references == null || batch.references instanceof DeviceRows);
    }

    @Override
    public boolean takes(Tensor tensor) {
        return tensor.is_cuda();
    }

    @Override
    public DeviceRows rows(Batch.Rows rows, int columns) {
        return (DeviceRows) rows;
    }

    @Override
    public NativeCuda library() {
        return NativeRuntime.loadCuda();
    }

    @Override
    public CudaStream stream(Tensor tensor) {
        return CudaStream.current(tensor);
    }
}
