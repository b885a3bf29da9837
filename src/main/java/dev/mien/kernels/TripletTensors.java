package dev.mien.kernels;

import dev.mien.internal.NativeRuntime;
import dev.mien.internal.Uploads;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * {@link Triplets} as tensors of rows, for losses to gather; apart from them, as they need no LibTorch.
 *
 * @param anchor (t) int64
 * @param positive (t) int64
 * @param negative (t) int64
 * @param rows no row is as high as this
 */
public record TripletTensors(Tensor anchor, Tensor positive, Tensor negative, long rows) {

    static {
        NativeRuntime.load();
    }

    /**
     * The triplets on a device: those that were mined there as they are, others copied.
     *
     * @param rows of what the triplets are gathered from
     * @throws IllegalArgumentException if a triplet names a row outside of these
     */
    public static TripletTensors of(Triplets triplets, long rows, Device device) {
        TripletTensors mined = triplets.onDevice();
        if (mined != null && mined.rows <= rows) {
            return mined.to(device);
        }
        checkRows(triplets.anchor(), rows);
        checkRows(triplets.positive(), rows);
        checkRows(triplets.negative(), rows);
        return new TripletTensors(
                Uploads.longs(triplets.anchor(), device),
                Uploads.longs(triplets.positive(), device),
                Uploads.longs(triplets.negative(), device),
                rows);
    }

    private static void checkRows(long[] rows, long count) {
        for (long row : rows) {
            if (row < 0 || row >= count) {
                throw new IllegalArgumentException("a triplet names row %d of %d embeddings".formatted(row, count));
            }
        }
    }

    private TripletTensors to(Device device) {
        return new TripletTensors(
                anchor.to(device, ScalarType.Long),
                positive.to(device, ScalarType.Long),
                negative.to(device, ScalarType.Long),
                rows);
    }

    /** The three in Java memory. */
    long[][] copy() {
        if (anchor.isNull()) {
            throw new IllegalStateException(
                    "triplets on a CUDA device last as long as the PointerScope they were mined in");
        }
        try (PointerScope scope = new PointerScope()) {
            return new long[][] {TensorRows.classes(anchor), TensorRows.classes(positive), TensorRows.classes(negative)
            };
        }
    }
}
