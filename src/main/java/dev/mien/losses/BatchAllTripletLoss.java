package dev.mien.losses;

import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.NativeKernels;
import dev.mien.kernels.NativeMining;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The triplet loss over all triplets of a batch, max(0, dp - dn + margin) (Hermans et al., "In Defense of the Triplet
 * Loss", 2017), without listing them: by sorting, O(n^2 (d + log n)) where triplets are O(n^3). Value and gradient come
 * together from the native library; with MIEN_KERNELS=torch, from LibTorch.
 *
 * @param margin finite and 0 or more
 * @param mean over triplets inside the margin or over all of them
 */
public record BatchAllTripletLoss(Distance distance, double margin, Mean mean) {

    static {
        NativeRuntime.load();
    }

    /** Checks the margin; {@link IllegalArgumentException} otherwise. */
    public BatchAllTripletLoss {
        if (!(margin >= 0) || Double.isInfinite(margin)) {
            throw new IllegalArgumentException("the margin must be finite and 0 or more, not " + margin);
        }
    }

    /**
     * The loss of a batch.
     *
     * @param value scalar, differentiable once; 0 with a zero gradient where there is no triplet, never NaN
     * @param active triplets with dn < dp + margin
     * @param triplets all of them
     */
    public record Result(Tensor value, long active, long triplets) {}

    /** The loss by {@link Kernels#preferred()}. */
    public Result of(Tensor embeddings, Tensor labels) {
        return of(embeddings, labels, Kernels.preferred());
    }

    /**
     * The loss by the given kernels. The gradient of a distance at 0 is 0.
     *
     * @param embeddings (n, d) float32; bfloat16 and float16 are computed in float32; float64 by LibTorch only
     * @param labels (n) int64, any values
     * @throws IllegalArgumentException for another type or shape, or naming the first row that is not finite
     */
    public Result of(Tensor embeddings, Tensor labels, Kernels kernels) {
        ScalarType type = embeddings.scalar_type().intern();
        boolean half = type == ScalarType.BFloat16 || type == ScalarType.Half;
        Tensor rows = half ? embeddings.to(ScalarType.Float) : embeddings;
        return kernels instanceof NativeKernels over
                ? natively(rows, Batch.of(embeddings, labels), over.mining())
                : TorchBatchAll.of(this, rows, labels);
    }

    /** @param rows those of the batch in float32, which the gradient goes to */
    private Result natively(Tensor rows, Batch batch, NativeMining mining) {
        Tensor gradient =
                torch.empty(new long[] {rows.size(0), rows.size(1)}, rows.options(), new MemoryFormatOptional());
        NativeMining.BatchAllLoss loss = mining.batchAllLoss(batch, distance, margin, gradient);
        double divisor = divisor(loss.active(), loss.triplets());
        Tensor slope = gradient.mul_(new Scalar(1 / divisor));
        return new Result(connect(rows, slope).add(new Scalar(loss.sum() / divisor)), loss.active(), loss.triplets());
    }

    /** What the sum over triplets is divided by; 1 where there is none. */
    double divisor(long active, long triplets) {
        return Math.max(1, mean == Mean.ACTIVE ? active : triplets);
    }

    /** A scalar 0 whose gradient in {@code values} is {@code slope}. */
    static Tensor connect(Tensor values, Tensor slope) {
        return values.sub(values.detach()).mul(slope).sum();
    }
}
