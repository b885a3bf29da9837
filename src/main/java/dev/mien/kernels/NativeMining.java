package dev.mien.kernels;

import dev.mien.internal.Native;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;

/**
 * Mining by the native library, over any {@link Batch}, on the CUDA device that it is on or on the CPU; comes from
 * {@link NativeKernels#mining()}. The rules are those of
 * the miners in {@code dev.mien.miners}, and so are the selected rows: exact, ties to the lowest row, the same on every
 * instruction set and number of threads. Every method throws {@link IllegalArgumentException} naming the first row that
 * is not finite, for a margin that is negative or NaN (infinity is allowed), and for more triplets than one array holds.
 */
public final class NativeMining {

    private final Cuda cuda;
    private final CudaPrecision precision;

    NativeMining(Cuda cuda, CudaPrecision precision) {
        this.cuda = cuda;
        this.precision = precision;
    }

    private CudaMining onDevice() {
        return new CudaMining(cuda, precision);
    }

    /**
     * Hardest pairs of a batch; row numbers and float32 distances accurate to 1e-6 relative.
     *
     * @param positive (n) the farthest positive of each anchor, -1 where the anchor lacks a positive or a negative
     * @param negative (n) the nearest negative, -1 likewise
     * @param positiveDistance (n) NaN beside a -1
     * @param negativeDistance (n) NaN beside a -1
     */
    public record Hardest(long[] positive, long[] negative, float[] positiveDistance, float[] negativeDistance) {}

    /**
     * The batch-all triplet loss.
     *
     * @param sum of max(0, dp - dn + margin) over all triplets
     * @param active triplets with dn < dp + margin
     * @param triplets all of them
     */
    public record BatchAllLoss(double sum, long active, long triplets) {}

    /** Per anchor the farthest positive and the nearest negative, with their distances. */
    public Hardest hardest(Batch batch, Distance distance) {
        if (cuda.takes(batch)) {
            return onDevice().hardest(batch, distance);
        }
        try (NativeBatch b = new NativeBatch(batch)) {
            LongPointer rows = b.longs(2 * b.n);
            FloatPointer distances = new FloatPointer(2 * b.n);
            batchHard(b, distance, 1, 1, rows, distances, distances.getPointer(b.n));
            int n = (int) b.n;
            return new Hardest(
                    NativeBatch.array(rows, 0, n),
                    NativeBatch.array(rows, n, n),
                    floats(distances, n),
                    floats(distances.getPointer(n), n));
        }
    }

    private static float[] floats(FloatPointer pointer, int count) {
        float[] values = new float[count];
        pointer.get(values, 0, count);
        return values;
    }

    /** Per anchor the farthest positive with the negatives of the hardness ranks low..high, from 1, the nearest. */
    public Triplets batchHard(Batch batch, Distance distance, int rankLow, int rankHigh) {
        // No anchor has as many negatives as there are references: beyond, a window is as empty as at m.
        long low = Math.min(rankLow, Math.max(1, batch.references()));
        long high = Math.min(rankHigh, Math.max(1, batch.references()));
        if (cuda.takes(batch)) {
            return onDevice().batchHard(batch, distance, low, high);
        }
        try (NativeBatch b = new NativeBatch(batch)) {
            long width = high - low + 1;
            requireArray(b.n * width);
            LongPointer rows = b.longs(b.n * (1 + width));
            batchHard(b, distance, low, high, rows, null, null);
            int n = (int) b.n;
            return compose(NativeBatch.array(rows, 0, n), NativeBatch.array(rows, n, (int) (n * width)), (int) width);
        }
    }

    private static void batchHard(
            NativeBatch b, Distance distance, long low, long high, LongPointer rows, FloatPointer dp, FloatPointer dn) {
        LongPointer negatives = NativeBatch.at(rows, b.n);
        Native.batchHard(
                b.x,
                b.labels,
                b.n,
                b.y,
                b.yLabels,
                b.m,
                b.self,
                b.d,
                distance.ordinal(),
                low,
                high,
                rows,
                negatives,
                dp,
                dn);
    }

    /** Rows of a fixed shape, -1 where there is none, as triplets in lexicographic order. */
    private static Triplets compose(long[] positive, long[] negative, int width) {
        int count = 0;
        for (long row : negative) {
            count += row >= 0 ? 1 : 0;
        }
        long[][] triplets = new long[3][count];
        int next = 0;
        for (int anchor = 0; anchor < positive.length; anchor++) {
            int first = next;
            for (int i = anchor * width; i < (anchor + 1) * width; i++) {
                if (negative[i] >= 0) {
                    triplets[0][next] = anchor;
                    triplets[1][next] = positive[anchor];
                    triplets[2][next++] = negative[i];
                }
            }
            Arrays.sort(triplets[2], first, next);
        }
        return new Triplets(triplets[0], triplets[1], triplets[2]);
    }

    /**
     * Per anchor the nearest positive with a negative.
     *
     * @param choice code of {@code NegativeChoice}: 0 hard, 1 semi-hard
     */
    public Triplets easyPositive(Batch batch, Distance distance, double margin, int choice) {
        if (cuda.takes(batch)) {
            return onDevice().easyPositive(batch, distance, margin, choice);
        }
        try (NativeBatch b = new NativeBatch(batch)) {
            LongPointer rows = b.longs(2 * b.n);
            Native.easyPositive(
                    b.x,
                    b.labels,
                    b.n,
                    b.y,
                    b.yLabels,
                    b.m,
                    b.self,
                    b.d,
                    distance.ordinal(),
                    margin,
                    choice,
                    rows,
                    NativeBatch.at(rows, b.n));
            return compose(rows, (int) b.n);
        }
    }

    private static Triplets compose(LongPointer rows, int n) {
        return compose(NativeBatch.array(rows, 0, n), NativeBatch.array(rows, n, n), 1);
    }

    /**
     * For each pair of an anchor and a positive a negative.
     *
     * @param semantics code of {@code Semantics}: 0 facenet, 1 tfa, 2 violating
     */
    public Triplets semiHard(Batch batch, Distance distance, double margin, int semantics, long seed, long step) {
        if (cuda.takes(batch)) {
            return onDevice().semiHard(batch, distance, margin, semantics, seed, step);
        }
        try (NativeBatch b = new NativeBatch(batch)) {
            return collect(
                    b,
                    positivePairs(b),
                    (capacity, anchor, positive, negative) -> Native.semiHard(
                            b.x,
                            b.labels,
                            b.n,
                            b.y,
                            b.yLabels,
                            b.m,
                            b.self,
                            b.d,
                            distance.ordinal(),
                            margin,
                            semantics,
                            seed,
                            step,
                            capacity,
                            anchor,
                            positive,
                            negative));
        }
    }

    /** For each pair of an anchor and a positive a negative drawn against the density of distances on the unit sphere. */
    public Triplets distanceWeighted(Batch batch, long seed, long step) {
        if (cuda.takes(batch)) {
            return onDevice().distanceWeighted(batch, seed, step);
        }
        try (NativeBatch b = new NativeBatch(batch)) {
            return collect(
                    b,
                    positivePairs(b),
                    (capacity, anchor, positive, negative) -> Native.distanceWeighted(
                            b.x, b.labels, b.n, b.y, b.yLabels, b.m, b.self, b.d, seed, step, capacity, anchor,
                            positive, negative));
        }
    }

    private static long positivePairs(NativeBatch b) {
        return Native.positivePairs(b.labels, b.n, b.yLabels, b.m, b.self);
    }

    /** Every triplet inside the margin, of an anchor with more than {@code cap} of them (1 or more) a sample. */
    public Triplets batchAll(Batch batch, Distance distance, double margin, long cap, long seed, long step) {
        if (cuda.takes(batch)) {
            return onDevice().batchAll(batch, distance, margin, cap, seed, step);
        }
        try (NativeBatch b = new NativeBatch(batch)) {
            LongPointer counts = b.longs(b.n);
            Native.batchAllCounts(
                    b.x, b.labels, b.n, b.y, b.yLabels, b.m, b.self, b.d, distance.ordinal(), margin, counts);
            long total = 0;
            for (long count : NativeBatch.array(counts, 0, (int) b.n)) {
                total = Math.addExact(total, Math.min(cap, count));
            }
            return collect(
                    b,
                    total,
                    (capacity, anchor, positive, negative) -> Native.batchAll(
                            b.x,
                            b.labels,
                            b.n,
                            b.y,
                            b.yLabels,
                            b.m,
                            b.self,
                            b.d,
                            distance.ordinal(),
                            margin,
                            cap,
                            seed,
                            step,
                            capacity,
                            anchor,
                            positive,
                            negative));
        }
    }

    /** Per anchor a drawn positive and a drawn negative. */
    public Triplets random(Batch batch, long seed, long step) {
        if (cuda.takes(batch)) {
            return onDevice().random(batch, seed, step);
        }
        batch.requireFinite(); // the library looks at labels alone
        try (NativeBatch b = new NativeBatch(batch)) {
            LongPointer rows = b.longs(2 * b.n);
            Native.randomTriplets(b.labels, b.n, b.yLabels, b.m, b.self, seed, step, rows, NativeBatch.at(rows, b.n));
            return compose(rows, (int) b.n);
        }
    }

    /** A native function that writes triplets into three arrays of {@code capacity} and returns how many. */
    @FunctionalInterface
    private interface Writer {
        long write(long capacity, LongPointer anchor, LongPointer positive, LongPointer negative);
    }

    private static Triplets collect(NativeBatch b, long capacity, Writer writer) {
        requireArray(capacity);
        LongPointer rows = b.longs(3 * capacity);
        int count =
                (int) writer.write(capacity, rows, NativeBatch.at(rows, capacity), NativeBatch.at(rows, 2 * capacity));
        return new Triplets(
                NativeBatch.array(rows, 0, count),
                NativeBatch.array(rows, capacity, count),
                NativeBatch.array(rows, 2 * capacity, count));
    }

    static void requireArray(long size) {
        if (size > TripletSink.LARGEST) {
            throw TripletSink.tooMany();
        }
    }

    /**
     * The sum of the batch-all triplet loss of a batch with itself, and its gradient, by sorting: O(n^2 (d + log n)). The
     * gradient of a distance at 0 is 0. Computed on the CPU wherever the batch is.
     *
     * @param batch without other references
     * @param margin finite
     * @param gradient (n, d), written from its position on; in place where it is direct and in native byte order; null
     *     for none
     */
    public BatchAllLoss batchAllLoss(Batch batch, Distance distance, double margin, FloatBuffer gradient) {
        requireItself(batch);
        long size = (long) batch.anchors() * batch.columns;
        if (gradient != null && gradient.remaining() < size) {
            throw new IllegalArgumentException("the gradient holds %d floats, too few for (%d, %d)"
                    .formatted(gradient.remaining(), batch.anchors(), batch.columns));
        }
        try (NativeBatch b = new NativeBatch(batch)) {
            DoublePointer sum = new DoublePointer(1);
            LongPointer counts = b.longs(2);
            FloatPointer out = gradient == null ? null : NativeBuffers.output(gradient, size);
            Native.batchAllLoss(
                    b.x, b.labels, b.n, b.d, distance.ordinal(), margin, sum, counts, NativeBatch.at(counts, 1), out);
            if (gradient != null) {
                NativeBuffers.finish(out, gradient, size);
            }
            return new BatchAllLoss(sum.get(), counts.get(0), counts.get(1));
        }
    }

    private static void requireItself(Batch batch) {
        if (batch.references != null) {
            throw new IllegalArgumentException("the batch-all loss is that of a batch with itself");
        }
    }

    /** The same with the gradient in a tensor, contiguous float32 (n, d) where the batch is; loads LibTorch. */
    public BatchAllLoss batchAllLoss(Batch batch, Distance distance, double margin, Tensor gradient) {
        if (cuda.takes(batch)) {
            requireItself(batch);
            return onDevice().batchAllLoss(batch, distance, margin, gradient);
        }
        return batchAllLoss(batch, distance, margin, TensorRows.buffer(gradient));
    }

    /** What a miner saw that returned {@code triplets}, rows of this batch. Costs all distances in float64. */
    public MiningStatistics statistics(Batch batch, Distance distance, double margin, Triplets triplets) {
        if (cuda.takes(batch)) {
            return onDevice().statistics(batch, distance, margin, triplets);
        }
        return NativeStatistics.of(batch, distance, margin, triplets);
    }
}
