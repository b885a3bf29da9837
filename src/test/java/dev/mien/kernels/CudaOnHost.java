package dev.mien.kernels;

import dev.mien.internal.NativeCuda;
import dev.mien.internal.SimtLibrary;
import org.bytedeco.pytorch.Tensor;

/** Takes every batch and tensor for one on a CUDA device, whose library is the one that computes on the host. */
public final class CudaOnHost implements Cuda {

    private final NativeCuda library = SimtLibrary.open();

    private CudaOnHost() {}

    /** Native kernels that run by way of the CUDA library and no other. */
    public static NativeKernels kernels() {
        return new NativeKernels(new CudaOnHost(), CudaPrecision.FLOAT32);
    }

    /** A batch as if its tensors were on a CUDA device. */
    public static Batch batch(Tensor embeddings, Tensor labels) {
        return new Batch(DeviceRows.of(embeddings, labels), null, TensorRows.columns(embeddings), null);
    }

    /** One batch compared with another. */
    public static Batch against(Batch batch, Batch references, long[] self) {
        return new Batch(batch.anchors, references.anchors, batch.columns, self);
    }

    @Override
    public boolean takes(Batch batch) {
        return true;
    }

    @Override
    public boolean takes(Tensor tensor) {
        return true;
    }

    @Override
    public DeviceRows rows(Batch.Rows rows, int columns) {
        return rows instanceof DeviceRows device
                ? device
                : DeviceRows.of(
                        Tensor.create(rows.array(columns), rows.count(), columns), Tensor.create(rows.labels()));
    }

    @Override
    public NativeCuda library() {
        return library;
    }

    @Override
    public CudaStream stream(Tensor tensor) {
        return new CudaStream(0, null);
    }
}
