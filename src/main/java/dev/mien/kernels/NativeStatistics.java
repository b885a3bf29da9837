package dev.mien.kernels;

import dev.mien.internal.Native;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;

/** {@link MiningStatistics} from the native library. */
final class NativeStatistics {

    private static final int PERCENTILES = 5;

    /** How many counts and figures the library has, as {@code mien.h} says. */
    static final int COUNTS = 5;

    static final int FIGURES = 2 + 2 * PERCENTILES;

    private NativeStatistics() {}

    static MiningStatistics of(Batch batch, Distance distance, double margin, Triplets triplets) {
        try (NativeBatch b = new NativeBatch(batch)) {
            LongPointer counts = b.longs(COUNTS);
            DoublePointer pointer = new DoublePointer(FIGURES);
            Native.miningStatistics(
                    b.x, b.labels, b.n, b.y, b.yLabels, b.m, b.self, b.d, distance.ordinal(), margin, counts, pointer);
            double[] figures = new double[FIGURES];
            pointer.get(figures);
            long active = triplets.size() == 0 ? 0 : active(b, distance, margin, triplets);
            return of(batch, distance, margin, NativeBatch.array(counts, 0, COUNTS), figures, triplets.size(), active);
        }
    }

    /** From the library's counts (5 or more) and figures (12), and of how many triplets how many are active. */
    static MiningStatistics of(
            Batch batch, Distance distance, double margin, long[] counts, double[] figures, int size, long active) {
        double mean = figures[0];
        return new MiningStatistics(
                batch.anchors(),
                counts[0],
                size,
                counts[1],
                counts[2],
                counts[3],
                size == 0 ? 0 : (double) active / size,
                Arrays.copyOfRange(figures, 2, 2 + PERCENTILES),
                Arrays.copyOfRange(figures, 2 + PERCENTILES, figures.length),
                mean,
                counts[4],
                0,
                batch.hasPairs() && mean <= Collapse.threshold(figures[1], distance, margin));
    }

    private static long active(NativeBatch b, Distance distance, double margin, Triplets triplets) {
        int t = triplets.size();
        LongPointer rows = b.longs(3L * t).put(triplets.anchor(), 0, t);
        LongPointer positives = NativeBatch.at(rows, t).put(triplets.positive(), 0, t);
        LongPointer negatives = NativeBatch.at(rows, 2L * t).put(triplets.negative(), 0, t);
        return Native.activeTriplets(
                b.x, b.n, b.y, b.m, b.d, distance.ordinal(), margin, rows, positives, negatives, t);
    }
}
