package dev.mien.kernels;

import dev.mien.internal.Native;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;

/** {@link MiningStatistics} from the native library. */
final class NativeStatistics {

    private static final int PERCENTILES = 5;

    private NativeStatistics() {}

    static MiningStatistics of(Batch batch, Distance distance, double margin, Triplets triplets) {
        try (NativeBatch b = new NativeBatch(batch)) {
            LongPointer counts = b.longs(5);
            DoublePointer pointer = new DoublePointer(2 + 2 * PERCENTILES);
            Native.miningStatistics(
                    b.x, b.labels, b.n, b.y, b.yLabels, b.m, b.self, b.d, distance.ordinal(), margin, counts, pointer);
            double[] figures = new double[2 + 2 * PERCENTILES];
            pointer.get(figures);
            double mean = figures[0];
            int size = triplets.size();
            return new MiningStatistics(
                    b.n,
                    counts.get(0),
                    size,
                    counts.get(1),
                    counts.get(2),
                    counts.get(3),
                    size == 0 ? 0 : (double) active(b, distance, margin, triplets) / size,
                    Arrays.copyOfRange(figures, 2, 2 + PERCENTILES),
                    Arrays.copyOfRange(figures, 2 + PERCENTILES, figures.length),
                    mean,
                    counts.get(4),
                    0,
                    batch.hasPairs() && mean <= Collapse.threshold(figures[1], distance, margin));
        }
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
