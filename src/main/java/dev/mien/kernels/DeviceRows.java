package dev.mien.kernels;

import dev.mien.internal.Downloads;
import dev.mien.internal.NativeRuntime;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Labelled rows on a CUDA device; what asks for them on the host gets a copy that is kept. */
final class DeviceRows implements Batch.Rows {

    static {
        NativeRuntime.load();
    }

    /** (n, d) float32, bfloat16 or float16, contiguous. */
    final Tensor values;

    /** (n) int64, contiguous, on the same device; null for rows without labels. */
    final Tensor labels;

    private final int count;
    private FloatBuffer hostValues;
    private long[] hostLabels;

    private DeviceRows(Tensor values, Tensor labels) {
        this.values = values;
        this.labels = labels;
        count = Math.toIntExact(values.size(0));
    }

    /** Tensors that were checked; labels may be elsewhere. */
    static DeviceRows of(Tensor embeddings, Tensor labels) {
        try (NoGradGuard guard = new NoGradGuard()) {
            return new DeviceRows(
                    embeddings.detach().contiguous(),
                    labels.to(embeddings.device(), ScalarType.Long).contiguous());
        }
    }

    /** A matrix without labels. */
    static DeviceRows of(Tensor matrix) {
        try (NoGradGuard guard = new NoGradGuard()) {
            return new DeviceRows(matrix.detach().contiguous(), null);
        }
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public synchronized FloatBuffer values() {
        if (hostValues == null) {
            hostValues = FloatBuffer.wrap(Downloads.floats(values));
        }
        return hostValues;
    }

    @Override
    public synchronized long[] labels() {
        if (hostLabels == null) {
            try (PointerScope scope = new PointerScope()) {
                hostLabels = TensorRows.classes(labels);
            }
        }
        return hostLabels;
    }
}
