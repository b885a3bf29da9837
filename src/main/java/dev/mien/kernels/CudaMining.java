package dev.mien.kernels;

import static dev.mien.kernels.NativeMining.requireArray;

import dev.mien.internal.Downloads;
import dev.mien.internal.NativeCuda;
import dev.mien.internal.NativeCuda.Operation;
import dev.mien.internal.NativeRuntime;
import java.util.Arrays;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** {@link NativeMining} of batches on a CUDA device; triplets stay there. */
final class CudaMining {

    static {
        NativeRuntime.load();
    }

    private final Cuda cuda;
    private final CudaPrecision precision;

    CudaMining(Cuda cuda, CudaPrecision precision) {
        this.cuda = cuda;
        this.precision = precision;
    }

    private <T> T on(Batch batch, Distance distance, Function<CudaCall, T> work) {
        return CudaCall.on(batch, distance, cuda, precision, CudaCall.Names.OF_BATCHES, work);
    }

    NativeMining.Hardest hardest(Batch batch, Distance distance) {
        return on(batch, distance, c -> {
            Tensor rows = c.longs(2 * c.n);
            Tensor distances = c.floats(2 * c.n);
            long half = c.n * Float.BYTES;
            batchHard(c, 1, 1, rows, c.address(distances), c.address(distances) + half);
            long[] chosen = TensorRows.classes(rows);
            float[] far = Downloads.floats(distances);
            int n = (int) c.n;
            return new NativeMining.Hardest(
                    Arrays.copyOf(chosen, n),
                    Arrays.copyOfRange(chosen, n, 2 * n),
                    Arrays.copyOf(far, n),
                    Arrays.copyOfRange(far, n, 2 * n));
        });
    }

    /** Ranks are 1 or more and at most the number of references, or 1. */
    Triplets batchHard(Batch batch, Distance distance, long low, long high) {
        return on(batch, distance, c -> {
            long width = high - low + 1;
            requireArray(c.n * width);
            Tensor rows = c.longs(c.n * (1 + width));
            batchHard(c, low, high, rows, 0, 0);
            return compose(c, rows, width);
        });
    }

    private static void batchHard(CudaCall c, long low, long high, Tensor rows, long dp, long dn) {
        long positive = c.address(rows);
        long negative = positive + c.n * Long.BYTES;
        c.run(Operation.BATCH_HARD, high, r -> c.library.batchHard(r, low, high, positive, negative, dp, dn));
    }

    /** A positive and {@code width} negatives of each anchor, -1 where there is none, as triplets in order. */
    private static Triplets compose(CudaCall c, Tensor rows, long width) {
        Tensor positive = rows.narrow(0, 0, c.n);
        Tensor negative = rows.narrow(0, c.n, c.n * width).view(c.n, width);
        Tensor sorted = (width == 1 ? negative : negative.sort(1, false).get0()).flatten();
        Tensor at = sorted.ge(new Scalar(0)).nonzero().flatten(); // waits, as the host learns the number
        Tensor anchor = width == 1 ? at : torch.floor_divide(at, new Scalar(width));
        return c.triplets(anchor, positive.index_select(0, anchor), sorted.index_select(0, at));
    }

    Triplets easyPositive(Batch batch, Distance distance, double margin, int choice) {
        return on(batch, distance, c -> {
            Tensor rows = c.longs(2 * c.n);
            long positive = c.address(rows);
            long negative = positive + c.n * Long.BYTES;
            c.run(Operation.EASY_POSITIVE, 0, r -> c.library.easyPositive(r, margin, choice, positive, negative));
            return compose(c, rows, 1);
        });
    }

    Triplets semiHard(Batch batch, Distance distance, double margin, int semantics, long seed, long step) {
        return on(
                batch,
                distance,
                c -> collect(
                        c,
                        Operation.SEMI_HARD,
                        positivePairs(c),
                        (r, capacity, anchor, positive, negative, count) -> c.library.semiHard(
                                r, margin, semantics, seed, step, capacity, anchor, positive, negative, count)));
    }

    Triplets distanceWeighted(Batch batch, long seed, long step) {
        return on(
                batch,
                Distance.COSINE,
                c -> collect(
                        c,
                        Operation.DISTANCE_WEIGHTED,
                        positivePairs(c),
                        (r, capacity, anchor, positive, negative, count) -> c.library.distanceWeighted(
                                r, seed, step, capacity, anchor, positive, negative, count)));
    }

    private static long positivePairs(CudaCall c) {
        return c.run(Operation.POSITIVE_PAIRS, 0, r -> c.library.positivePairs(r, c.result(0)))[0];
    }

    Triplets batchAll(Batch batch, Distance distance, double margin, long cap, long seed, long step) {
        return on(batch, distance, c -> {
            Tensor counts = c.longs(c.n);
            long at = c.address(counts);
            c.run(Operation.BATCH_ALL_COUNTS, 0, r -> c.library.batchAllCounts(r, margin, at));
            long total = counts.clamp_max(new Scalar(cap)).sum().item_long();
            return collect(
                    c,
                    Operation.BATCH_ALL,
                    total,
                    (r, capacity, anchor, positive, negative, count) -> c.library.batchAll(
                            r, margin, cap, seed, step, capacity, anchor, positive, negative, count));
        });
    }

    Triplets random(Batch batch, long seed, long step) {
        return on(batch, Distance.EUCLIDEAN, c -> {
            requireFinite(c.anchors, "the embeddings"); // the library looks at labels alone
            if (c.references != null) {
                requireFinite(c.references, "the references");
            }
            Tensor rows = c.longs(2 * c.n);
            long positive = c.address(rows);
            long negative = positive + c.n * Long.BYTES;
            c.run(Operation.RANDOM, 0, r -> c.library.randomTriplets(r, seed, step, positive, negative));
            return compose(c, rows, 1);
        });
    }

    private static void requireFinite(DeviceRows rows, String name) {
        Tensor broken = torch.isfinite(rows.values).all(1).logical_not().nonzero();
        if (broken.size(0) > 0) {
            throw CudaCall.notFinite(broken.narrow(0, 0, 1).item_long(), name);
        }
    }

    /** A function of the library that writes triplets into three arrays of {@code capacity}, and how many. */
    @FunctionalInterface
    private interface Writer {
        int write(NativeCuda.Rows rows, long capacity, long anchor, long positive, long negative, long count);
    }

    private static Triplets collect(CudaCall c, Operation operation, long capacity, Writer writer) {
        requireArray(capacity);
        Tensor rows = c.longs(3 * capacity);
        long bytes = capacity * Long.BYTES;
        long first = c.address(rows);
        long count = c.run(
                        operation,
                        capacity,
                        r -> writer.write(r, capacity, first, first + bytes, first + 2 * bytes, c.result(0)))[0];
        return c.triplets(
                rows.narrow(0, 0, count), rows.narrow(0, capacity, count), rows.narrow(0, 2 * capacity, count));
    }

    /** The gradient goes into a tensor, contiguous float32 (n, d) on the same device; null for none. */
    NativeMining.BatchAllLoss batchAllLoss(Batch batch, Distance distance, double margin, Tensor gradient) {
        return on(batch, distance, c -> {
            long slope = gradient == null ? 0 : c.address(requireRoom(gradient, c));
            long[] results = c.run(
                    Operation.BATCH_ALL_LOSS,
                    0,
                    r -> c.library.batchAllLoss(r, margin, c.result(0), c.result(1), c.result(2), slope));
            return new NativeMining.BatchAllLoss(Double.longBitsToDouble(results[0]), results[1], results[2]);
        });
    }

    /** Memory elsewhere, or too little of it, would end the process rather than the call. */
    private static Tensor requireRoom(Tensor gradient, CudaCall c) {
        boolean fits = gradient.numel() == c.n * c.d
                && gradient.is_contiguous()
                && gradient.scalar_type().intern() == ScalarType.Float
                && gradient.device().equals(c.anchors.values.device());
        if (!fits) {
            throw new IllegalArgumentException(
                    "the gradient must be contiguous float32 (%d, %d) on the batch's device".formatted(c.n, c.d));
        }
        return gradient;
    }

    MiningStatistics statistics(Batch batch, Distance distance, double margin, Triplets triplets) {
        return on(batch, distance, c -> {
            int counts = NativeStatistics.COUNTS;
            long[] results = c.run(
                    Operation.STATISTICS, 0, r -> c.library.miningStatistics(r, margin, c.result(0), c.result(counts)));
            double[] figures = Arrays.stream(results, counts, counts + NativeStatistics.FIGURES)
                    .mapToDouble(Double::longBitsToDouble)
                    .toArray();
            long active = triplets.size() == 0 ? 0 : active(c, margin, triplets);
            return NativeStatistics.of(batch, distance, margin, results, figures, triplets.size(), active);
        });
    }

    private static long active(CudaCall c, double margin, Triplets triplets) {
        TripletTensors t = TripletTensors.of(triplets, Math.max(c.n, c.m), c.anchors.values.device());
        return c.run(
                        Operation.ACTIVE,
                        0,
                        r -> c.library.activeTriplets(
                                r,
                                margin,
                                c.address(t.anchor()),
                                c.address(t.positive()),
                                c.address(t.negative()),
                                triplets.size(),
                                c.result(0)))[0];
    }

    /** All distances between the rows of a and b, (n, m) on the device of a. */
    Tensor distances(Tensor a, Tensor b, Distance distance) {
        Batch rows = new Batch(DeviceRows.of(a), DeviceRows.of(b), TensorRows.columns(a), null);
        return CudaCall.on(rows, distance, cuda, precision, new CudaCall.Names("a", "b"), c -> {
            Tensor out = c.keep(c.floats(c.n, c.m));
            c.run(Operation.DISTANCES, 0, r -> c.library.distances(r, c.address(out)));
            return out;
        });
    }
}
