package dev.mien.kernels;

import dev.mien.internal.NativeCuda;
import org.bytedeco.pytorch.Tensor;

/** Which tensors go to {@code libmien_cuda}, and how. */
interface Cuda {

    /** Whether a batch is mined there. */
    boolean takes(Batch batch);

    /** Whether distances of this tensor are computed there. */
    boolean takes(Tensor tensor);

    /** Rows of a batch that is mined there. */
    DeviceRows rows(Batch.Rows rows, int columns);

    /** The library; {@link IllegalStateException} if it is missing or does not load. */
    NativeCuda library();

    /** Makes the tensor's device the current one, and says which stream to compute on, until that is closed. */
    CudaStream stream(Tensor tensor);
}
