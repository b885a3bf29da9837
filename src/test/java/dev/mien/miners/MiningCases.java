package dev.mien.miners;

import dev.mien.data.FloatMatrix;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random and awkward batches for mining tests. */
final class MiningCases {

    /** A batch with a name for messages. */
    record Case(String name, FloatMatrix embeddings, long[] labels) {

        Batch batch() {
            return Batches.of(embeddings, labels);
        }

        /** Anchors drawn from this batch, some of which are known to be rows of it, against the whole batch. */
        Against against(Random random) {
            int count = embeddings.rows() == 0 ? 0 : random.nextInt(12);
            int[] rows = random.ints(count, 0, Math.max(1, embeddings.rows())).toArray();
            long[] self = new long[count];
            long[] own = new long[count];
            for (int i = 0; i < count; i++) {
                self[i] = random.nextInt(3) == 0 ? -1 : rows[i];
                own[i] = labels[random.nextInt(5) == 0 ? 0 : rows[i]];
            }
            return new Against(this, embeddings.select(rows), own, self);
        }
    }

    /** Anchors with their own rows among the references, or -1. */
    record Against(Case references, FloatMatrix anchors, long[] labels, long[] self) {

        Batch batch() {
            return Batches.of(anchors, labels).against(references.embeddings().values(), references.labels(), self);
        }

        MiningOracle oracle(Distance distance, double margin) {
            return new MiningOracle(
                    anchors, labels, references.embeddings(), references.labels(), self, distance, margin);
        }
    }

    private static final int[] WIDTHS = {1, 2, 3, 15, 16, 17, 33};

    private final Random random;
    private final List<Case> cases = new ArrayList<>();

    private MiningCases(long seed) {
        random = new Random(seed);
    }

    /** At least {@code count} batches, every awkward kind several times. */
    static List<Case> draw(long seed, int count) {
        MiningCases drawn = new MiningCases(seed);
        for (int rows : new int[] {0, 1, 2}) {
            drawn.add("tiny", rows, 3, drawn.gaussian(rows, 3, 0), drawn.labels(rows, 2));
        }
        while (drawn.cases.size() < count) {
            drawn.round();
        }
        return drawn.cases;
    }

    private void round() {
        int n = 3 + random.nextInt(24);
        int d = WIDTHS[random.nextInt(WIDTHS.length)];
        add("gaussian", n, d, gaussian(n, d, 0), labels(n, 1 + random.nextInt(5)));
        add("one class", n, d, gaussian(n, d, 0), labels(n, 1));
        add(
                "distinct labels",
                n,
                d,
                gaussian(n, d, 0),
                java.util.stream.LongStream.range(0, n).toArray());
        add("singletons", n, d, gaussian(n, d, 0), singletons(n));
        add("all equal", n, d, constant(n, d), labels(n, 2));
        add("zero rows", n, d, withZeroRows(n, d), labels(n, 3));
        add("duplicates", n, d, withDuplicates(n, d), labels(n, 2 + random.nextInt(2)));
        add("offset 100", n, d, gaussian(n, d, 100), labels(n, 3));
        add("offset 1e4", n, d, gaussian(n, d, 1e4), labels(n, 3));
        add("near duplicates", n, d, nearDuplicates(n, d), labels(n, 2));
        add("grid", n, d, grid(n, d), labels(n, 3));
        add("line", n, 1, grid(n, 1), labels(n, 3));
        add("huge labels", n, d, gaussian(n, d, 0), hugeLabels(n));
        add("unbalanced", n, d, gaussian(n, d, 0), unbalanced(n));
        add("huge and tiny values", n, d, scaled(n, d), labels(n, 3));
    }

    private void add(String name, int n, int d, float[] values, long[] labels) {
        cases.add(new Case(name + " " + n + "x" + d, new FloatMatrix(values, n, d), labels));
    }

    private float[] gaussian(int n, int d, double offset) {
        float[] values = new float[n * d];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (offset + random.nextGaussian());
        }
        return values;
    }

    private float[] constant(int n, int d) {
        float[] values = new float[n * d];
        Arrays.fill(values, random.nextBoolean() ? 0f : 0.1f);
        return values;
    }

    private float[] withZeroRows(int n, int d) {
        float[] values = gaussian(n, d, 0);
        Arrays.fill(values, 0, Math.min(3, n) * d, 0f);
        values[d - 1] = -0f;
        return values;
    }

    private float[] withDuplicates(int n, int d) {
        float[] values = gaussian(n, d, 0);
        for (int i = 0; i < n / 2 + 1; i++) {
            System.arraycopy(values, random.nextInt(n) * d, values, random.nextInt(n) * d, d);
        }
        return values;
    }

    private float[] nearDuplicates(int n, int d) {
        float[] values = new float[n * d];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (1 + (random.nextDouble() * 4 - 2) * 1e-7);
        }
        return values;
    }

    private float[] grid(int n, int d) {
        float[] values = new float[n * d];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(4) - 1;
        }
        return values;
    }

    private float[] scaled(int n, int d) {
        float[] values = gaussian(n, d, 0);
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) Math.pow(10, random.nextInt(60) - 30);
        }
        return values;
    }

    private long[] labels(int n, int classes) {
        return random.longs(n, 0, classes).toArray();
    }

    private long[] singletons(int n) {
        long[] labels = java.util.stream.LongStream.range(0, n).toArray();
        labels[n - 1] = labels[0];
        return labels;
    }

    private long[] hugeLabels(int n) {
        long[] values = {Long.MIN_VALUE, -1, 1L << 31, (1L << 31) + (1L << 32), Long.MAX_VALUE};
        return random.ints(n, 0, values.length).mapToLong(i -> values[i]).toArray();
    }

    private long[] unbalanced(int n) {
        long[] labels = new long[n];
        labels[random.nextInt(n)] = 1;
        labels[random.nextInt(n)] = 1;
        return labels;
    }
}
