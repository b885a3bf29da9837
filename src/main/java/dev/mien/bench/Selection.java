package dev.mien.bench;

import dev.mien.kernels.Triplets;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Selected triplets, computed already and copied to Java memory when asked for. */
@FunctionalInterface
public interface Selection {

    /** The triplets; a peer's tensors must still be open. */
    Triplets triplets();

    /** One triplet per anchor: positive (n), negative (n). */
    static Selection ofAnchors(Tensor positive, Tensor negative) {
        return () -> {
            Tensor anchor = torch.arange(new Scalar(positive.size(0)), new TensorOptions(ScalarType.Long));
            return new Triplets(longs(anchor), longs(positive), longs(negative));
        };
    }

    /** Triplets (t) in order. */
    static Selection of(Tensor anchor, Tensor positive, Tensor negative) {
        return () -> new Triplets(longs(anchor), longs(positive), longs(negative));
    }

    private static long[] longs(Tensor tensor) {
        long[] values = new long[Math.toIntExact(tensor.numel())];
        if (values.length > 0) {
            tensor.cpu().contiguous().data_ptr_long().get(values);
        }
        return values;
    }
}
