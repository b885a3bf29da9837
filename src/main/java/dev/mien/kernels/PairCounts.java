package dev.mien.kernels;

import java.util.Arrays;
import java.util.List;

/** Gathers {@link MiningStatistics} anchor by anchor, in O(n log n) each. */
final class PairCounts {

    private static final double[] PERCENTS = {5, 25, 50, 75, 95};

    /** Up to about 1,450 rows the percentiles see every pair; above, about this many pairs, drawn by a hash of their rows. */
    private static final long MOST_PAIRS = 1 << 20;

    private final Batch batch;
    private final double margin;
    private final long stride;
    private final Values same = new Values();
    private final Values different = new Values();
    private long valid;
    private long easy;
    private long semiHard;
    private long hard;
    private double sum;
    private long pairs;

    PairCounts(Batch batch, double margin) {
        this.batch = batch;
        this.margin = margin;
        long anchors = batch.anchors();
        long all = batch.references == null ? anchors * (anchors - 1) / 2 : anchors * batch.references();
        stride = all <= MOST_PAIRS ? 1 : 1 + all / MOST_PAIRS;
    }

    void add(Anchor anchor) {
        for (int i = 0; i < anchor.positiveCount(); i++) {
            sum += anchor.distance(anchor.positive(i));
        }
        for (int i = 0; i < anchor.negativeCount(); i++) {
            sum += anchor.distance(anchor.negative(i));
        }
        pairs += anchor.positiveCount() + anchor.negativeCount();
        sample(anchor);
        if (anchor.isValid()) {
            valid++;
            countTriplets(anchor);
        }
    }

    private void countTriplets(Anchor anchor) {
        for (int i = 0; i < anchor.positiveCount(); i++) {
            double positive = anchor.distance(anchor.positive(i));
            int upTo = anchor.negativesUpTo(positive);
            // dn = dp at margin 0 is hard, not easy, so that the three counts add up.
            int active = Math.max(upTo, anchor.negativesBelow(positive + margin));
            hard += upTo;
            semiHard += active - upTo;
            easy += anchor.negativeCount() - active;
        }
    }

    /** A pair of two anchors is seen once, from its lower row. */
    private void sample(Anchor anchor) {
        for (int i = 0; i < anchor.positiveCount(); i++) {
            if (isSampled(anchor.row(), anchor.positive(i))) {
                same.add(anchor.distance(anchor.positive(i)));
            }
        }
        for (int i = 0; i < anchor.negativeCount(); i++) {
            if (isSampled(anchor.row(), anchor.negative(i))) {
                different.add(anchor.distance(anchor.negative(i)));
            }
        }
    }

    /** A hash, as every so many-th pair would see one class only where labels alternate. */
    private boolean isSampled(long row, long other) {
        boolean seen = batch.references != null || other > row;
        long pair = row * batch.references() + other;
        return seen && (stride == 1 || (pair * 0x9E3779B97F4A7C15L >>> 33) % stride == 0);
    }

    /** The sum over parts of one batch, in their order. */
    static PairCounts join(Batch batch, double margin, List<PairCounts> parts) {
        PairCounts all = new PairCounts(batch, margin);
        all.same.reserve(parts.stream().mapToInt(part -> part.same.size).sum());
        all.different.reserve(
                parts.stream().mapToInt(part -> part.different.size).sum());
        for (PairCounts part : parts) {
            all.valid += part.valid;
            all.easy += part.easy;
            all.semiHard += part.semiHard;
            all.hard += part.hard;
            all.sum += part.sum;
            all.pairs += part.pairs;
            all.same.addAll(part.same);
            all.different.addAll(part.different);
        }
        return all;
    }

    MiningStatistics statistics(Distance distance, long triplets, long active, float[] references, long duplicates) {
        double mean = pairs == 0 ? 0 : sum / pairs;
        double fromOrigin = Collapse.fromOrigin(references, batch.references(), batch.columns, distance);
        return new MiningStatistics(
                batch.anchors(),
                valid,
                triplets,
                easy,
                semiHard,
                hard,
                triplets == 0 ? 0 : (double) active / triplets,
                same.percentiles(),
                different.percentiles(),
                mean,
                duplicates,
                0,
                pairs > 0 && mean <= Collapse.threshold(fromOrigin, distance, margin));
    }

    /** A growing list of doubles. */
    private static final class Values {
        private double[] values = new double[64];
        private int size;

        void add(double value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        void reserve(int capacity) {
            values = new double[capacity];
        }

        /** Within the reserved capacity. */
        void addAll(Values others) {
            System.arraycopy(others.values, 0, values, size, others.size);
            size += others.size;
        }

        /** Linear between the two nearest order statistics. */
        double[] percentiles() {
            Arrays.parallelSort(values, 0, size);
            return Arrays.stream(PERCENTS).map(this::percentile).toArray();
        }

        private double percentile(double percent) {
            if (size == 0) {
                return Double.NaN;
            }
            double position = percent / 100 * (size - 1);
            int low = (int) position;
            double next = values[Math.min(low + 1, size - 1)];
            return values[low] + (position - low) * (next - values[low]);
        }
    }
}
