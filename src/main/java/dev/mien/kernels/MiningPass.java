package dev.mien.kernels;

import dev.mien.internal.NativeRuntime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * Exact mining in plain Java, without LibTorch. Distances are those of a float64 brute force that sums the differences
 * in order of columns (cosine: half the squared distance of the rows over their norms); triplets are compared by these
 * distances, the square root included. Anchors are visited a few at a time on {@link NativeRuntime#threads()} threads, so
 * memory is O(n d + n) beside the result, and the result does not depend on the number of threads.
 */
public final class MiningPass {

    /** Float64 distances held by one thread at a time, 2 MB, unless a single row is longer. */
    private static final int BLOCK = 1 << 18;

    private static final int MOST_ROWS = 16;

    private static ForkJoinPool pool;

    private final DistanceRows distances;
    private final int[] classes;
    private final double margin;
    private final SelectionRule rule;

    private MiningPass(DistanceRows distances, int[] classes, double margin, SelectionRule rule) {
        this.distances = distances;
        this.classes = classes;
        this.margin = margin;
        this.rule = rule;
    }

    /**
     * Mines one batch.
     *
     * @param values (rows, columns) row-major
     * @param labels (rows), any values
     * @param margin what separates easy, semi-hard and hard in the statistics; 0 or more, infinite allowed
     * @throws IllegalArgumentException if the numbers of rows differ, if the margin is negative or NaN, or naming the
     *     first row that is not finite
     */
    public static MiningResult run(
            float[] values,
            int rows,
            int columns,
            long[] labels,
            Distance distance,
            double margin,
            SelectionRule rule) {
        if (labels.length != rows) {
            throw new IllegalArgumentException("%d labels for %d embeddings".formatted(labels.length, rows));
        }
        if ((long) rows * columns != values.length) {
            throw new IllegalArgumentException(
                    "%d values do not fill %d rows of %d".formatted(values.length, rows, columns));
        }
        if (!(margin >= 0)) {
            throw new IllegalArgumentException("the margin must be 0 or more, not " + margin);
        }
        checkFinite(values, columns);
        DistanceRows distances = new DistanceRows(values, rows, columns, distance);
        List<Chunk> chunks = new MiningPass(distances, classNumbers(labels), margin, rule).chunks();
        Triplets triplets =
                TripletSink.join(chunks.stream().map(Chunk::triplets).toList());
        long active =
                chunks.stream().mapToLong(chunk -> chunk.triplets().active()).sum();
        PairCounts pairs = PairCounts.join(chunks.stream().map(Chunk::pairs).toList());
        return new MiningResult(
                triplets,
                pairs.statistics(
                        rows,
                        triplets.size(),
                        active,
                        duplicates(values, rows, columns),
                        Collapse.threshold(values, rows, columns, distance, margin)));
    }

    private record Chunk(TripletSink triplets, PairCounts pairs) {}

    private List<Chunk> chunks() {
        int n = classes.length;
        int step = Math.max(1, Math.min(MOST_ROWS, BLOCK / Math.max(1, n)));
        return pool().submit(() -> IntStream.range(0, (n + step - 1) / step)
                        .parallel()
                        .mapToObj(chunk -> mine(chunk * step, Math.min(step, n - chunk * step)))
                        .toList())
                .join();
    }

    /** As wide as {@link NativeRuntime#threads()} says now; the common pool would take every core. */
    private static synchronized ForkJoinPool pool() {
        int threads = NativeRuntime.threads();
        if (pool == null || pool.getParallelism() != threads) {
            pool = new ForkJoinPool(threads); // the old one may be at work; idle, its threads end by themselves
        }
        return pool;
    }

    private Chunk mine(int first, int count) {
        double[][] block = new double[count][classes.length];
        distances.fill(first, count, block);
        Anchor anchor = new Anchor(classes);
        TripletSink triplets = new TripletSink(margin);
        PairCounts pairs = new PairCounts(classes.length, margin);
        for (int i = 0; i < count; i++) {
            anchor.moveTo(first + i, block[i]);
            pairs.add(anchor);
            if (anchor.isValid()) {
                triplets.moveTo(anchor);
                rule.select(anchor, triplets);
            }
        }
        triplets.close();
        return new Chunk(triplets, pairs);
    }

    private static int[] classNumbers(long[] labels) {
        Map<Long, Integer> numbers = new HashMap<>();
        return Arrays.stream(labels)
                .mapToInt(label -> {
                    Integer known = numbers.putIfAbsent(label, numbers.size());
                    return known == null ? numbers.size() - 1 : known;
                })
                .toArray();
    }

    private static void checkFinite(float[] values, int columns) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("row %d of the embeddings is not finite".formatted(i / columns));
            }
        }
    }

    /** Number of rows equal, value by value, to an earlier one. */
    private static long duplicates(float[] values, int rows, int columns) {
        record Row(float[] values, int offset, int columns, int hash) {
            @Override
            public int hashCode() {
                return hash;
            }

            @Override
            public boolean equals(Object other) {
                if (!(other instanceof Row row) || row.hash != hash) {
                    return false;
                }
                for (int k = 0; k < columns; k++) {
                    if (values[offset + k] != values[row.offset + k]) {
                        return false;
                    }
                }
                return true;
            }
        }
        Set<Row> seen = new HashSet<>();
        long duplicates = 0;
        for (int row = 0; row < rows; row++) {
            int hash = 1;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                hash = 31 * hash + Float.floatToRawIntBits(values[i] + 0f); // + 0 turns -0 into 0
            }
            if (!seen.add(new Row(values, row * columns, columns, hash))) {
                duplicates++;
            }
        }
        return duplicates;
    }
}
