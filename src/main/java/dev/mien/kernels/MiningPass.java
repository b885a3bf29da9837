package dev.mien.kernels;

import dev.mien.internal.NativeRuntime;
import dev.mien.internal.Parallel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

    private final Batch batch;
    private final DistanceRows distances;
    private final int[] anchorClasses;
    private final int[] classes;
    private final double margin;
    private final SelectionRule rule;
    private final boolean counting;

    private MiningPass(Batch batch, Distance distance, double margin, SelectionRule rule, boolean counting) {
        if (!(margin >= 0)) {
            throw new IllegalArgumentException("the margin must be 0 or more, not " + margin);
        }
        batch.requireFinite();
        this.batch = batch;
        this.margin = margin;
        this.rule = rule;
        this.counting = counting;
        distances = new DistanceRows(batch, distance);
        Map<Long, Integer> numbers = new HashMap<>();
        anchorClasses = classNumbers(batch.anchors.labels(), numbers);
        classes = batch.references == null ? anchorClasses : classNumbers(batch.references.labels(), numbers);
    }

    /**
     * Mines one batch.
     *
     * @param margin what separates easy, semi-hard and hard in the statistics; 0 or more, infinite allowed
     * @throws IllegalArgumentException if the margin is negative or NaN, or naming the first row that is not finite
     */
    public static MiningResult run(Batch batch, Distance distance, double margin, SelectionRule rule) {
        List<Chunk> chunks = new MiningPass(batch, distance, margin, rule, true).chunks();
        Triplets triplets =
                TripletSink.join(chunks.stream().map(Chunk::triplets).toList());
        long active =
                chunks.stream().mapToLong(chunk -> chunk.triplets().active()).sum();
        PairCounts pairs =
                PairCounts.join(batch, margin, chunks.stream().map(Chunk::pairs).toList());
        float[] values = batch.compared().array(batch.columns);
        long duplicates = duplicates(values, batch.references(), batch.columns);
        return new MiningResult(triplets, pairs.statistics(distance, triplets.size(), active, values, duplicates));
    }

    /** The triplets alone, without the cost of statistics. */
    public static Triplets triplets(Batch batch, Distance distance, SelectionRule rule) {
        List<Chunk> chunks = new MiningPass(batch, distance, 0, rule, false).chunks();
        return TripletSink.join(chunks.stream().map(Chunk::triplets).toList());
    }

    private record Chunk(TripletSink triplets, PairCounts pairs) {}

    private List<Chunk> chunks() {
        int n = batch.anchors();
        int step = Math.max(1, Math.min(MOST_ROWS, BLOCK / Math.max(1, batch.references())));
        return Parallel.map((n + step - 1) / step, chunk -> mine(chunk * step, Math.min(step, n - chunk * step)));
    }

    private Chunk mine(int first, int count) {
        double[][] block = new double[count][classes.length];
        distances.fill(first, count, block);
        Anchor anchor = new Anchor(classes, batch.columns);
        TripletSink triplets = new TripletSink(margin);
        PairCounts pairs = new PairCounts(batch, margin);
        for (int i = 0; i < count; i++) {
            int row = first + i;
            anchor.moveTo(row, anchorClasses[row], batch.self(row), block[i]);
            if (counting) {
                pairs.add(anchor);
            }
            if (anchor.isValid()) {
                triplets.moveTo(anchor);
                rule.select(anchor, triplets);
            }
        }
        triplets.close();
        return new Chunk(triplets, pairs);
    }

    private static int[] classNumbers(long[] labels, Map<Long, Integer> numbers) {
        return Arrays.stream(labels)
                .mapToInt(label -> {
                    Integer known = numbers.putIfAbsent(label, numbers.size());
                    return known == null ? numbers.size() - 1 : known;
                })
                .toArray();
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
