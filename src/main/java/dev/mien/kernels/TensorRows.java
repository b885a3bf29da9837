package dev.mien.kernels;

import dev.mien.internal.NativeRuntime;
import java.nio.FloatBuffer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Shows tensors as buffers to {@link Batch}, which must not load LibTorch for anything else. */
final class TensorRows {

    static {
        NativeRuntime.load();
    }

    private TensorRows() {}

    static int columns(Tensor embeddings) {
        if (embeddings.dim() != 2) {
            throw new IllegalArgumentException(
                    "embeddings are %d-dimensional; a matrix (n, d) is needed".formatted(embeddings.dim()));
        }
        return Math.toIntExact(embeddings.size(1));
    }

    static Batch.Rows of(Tensor embeddings, Tensor labels) {
        int columns = columns(embeddings);
        ScalarType type = embeddings.scalar_type().intern();
        if (!isFloating(type)) {
            throw new IllegalArgumentException(
                    "embeddings are %s; float32, bfloat16 or float16 is needed".formatted(type));
        }
        requireLabels(labels, embeddings.size(0));
        if (embeddings.is_cuda()) {
            return DeviceRows.of(embeddings, labels);
        }
        if (embeddings.numel() > Integer.MAX_VALUE / Float.BYTES) {
            throw new IllegalArgumentException("embeddings of %d values exceed 2 GiB".formatted(embeddings.numel()));
        }
        if (type == ScalarType.Float && isInPlace(embeddings)) {
            return Batch.rows(buffer(embeddings), columns, classes(labels), embeddings);
        }
        try (NoGradGuard guard = new NoGradGuard()) {
            Tensor host = embeddings.detach().cpu().to(ScalarType.Float).contiguous();
            return Batch.rows(buffer(host), columns, classes(labels), host);
        }
    }

    /** Whether kernels take values of this type: all but float32 are widened on the CPU. */
    static boolean isFloating(ScalarType type) {
        return type == ScalarType.Float || type == ScalarType.BFloat16 || type == ScalarType.Half;
    }

    /** Whether memory can be read where it lies; asked first, as each tensor on the way to a copy costs 5 us. */
    private static boolean isInPlace(Tensor tensor) {
        return tensor.is_cpu() && tensor.is_contiguous();
    }

    /** The memory of a contiguous float32 tensor on the CPU. */
    static FloatBuffer buffer(Tensor tensor) {
        long size = tensor.numel();
        return size == 0
                ? FloatBuffer.allocate(0)
                : tensor.data_ptr_float().capacity(size).asBuffer();
    }

    private static void requireLabels(Tensor labels, long rows) {
        ScalarType type = labels.scalar_type().intern();
        if (labels.dim() != 1 || type != ScalarType.Long) {
            throw new IllegalArgumentException(
                    "labels are %d-dimensional %s; a vector of int64 is needed".formatted(labels.dim(), type));
        }
        if (labels.size(0) != rows) {
            throw new IllegalArgumentException("%d labels for %d embeddings".formatted(labels.size(0), rows));
        }
    }

    /** The values of a vector of int64 on any device. */
    static long[] classes(Tensor labels) {
        long[] classes = new long[Math.toIntExact(labels.numel())];
        if (classes.length > 0) {
            Tensor host = isInPlace(labels) ? labels : labels.cpu().contiguous();
            host.data_ptr_long().get(classes);
        }
        return classes;
    }
}
