package dev.mien.miners;

import dev.mien.kernels.Anchor;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.NativeMining;
import dev.mien.kernels.TripletSink;
import dev.mien.kernels.Triplets;
import java.util.Arrays;

/**
 * Every triplet with dn < dp + margin (Hermans et al., 2017), or at most a number of them per anchor, each with the same
 * chance: a systematic sample over the anchor's triplets in order of (positive, distance of the negative).
 *
 * @param margin an infinite margin takes every triplet
 * @param capPerAnchor most triplets of one anchor; {@link #NO_CAP} for all
 * @param seed keys the sample
 */
public record BatchAllMiner(Distance distance, double margin, long capPerAnchor, long seed) implements Miner {

    /** No limit. */
    public static final long NO_CAP = Long.MAX_VALUE;

    /** Checks margin and cap; {@link IllegalArgumentException} otherwise. */
    public BatchAllMiner {
        Checks.margin(margin);
        if (capPerAnchor < 1) {
            throw new IllegalArgumentException("the cap per anchor must be 1 or more, not " + capPerAnchor);
        }
    }

    /** Without a cap. */
    public BatchAllMiner(Distance distance, double margin) {
        this(distance, margin, NO_CAP, 0);
    }

    @Override
    public String name() {
        return MinerKind.BATCH_ALL.word();
    }

    @Override
    public Triplets select(NativeMining mining, Batch batch, long step) {
        return mining.batchAll(batch, distance, margin, capPerAnchor, seed, step);
    }

    @Override
    public void select(Anchor anchor, long step, TripletSink chosen) {
        int[] counts = new int[anchor.positiveCount()];
        long total = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = anchor.negativesBelow(anchor.distance(anchor.positive(i)) + margin);
            total += counts[i];
        }
        if (total > capPerAnchor) {
            sample(anchor, counts, total, step, chosen);
        } else {
            all(anchor, counts, chosen);
        }
    }

    private void all(Anchor anchor, int[] counts, TripletSink chosen) {
        for (int i = 0; i < counts.length; i++) {
            int positive = anchor.positive(i);
            double limit = anchor.distance(positive) + margin;
            int left = counts[i];
            for (int j = 0; left > 0; j++) {
                int negative = anchor.negative(j);
                if (anchor.distance(negative) < limit) {
                    chosen.add(positive, negative);
                    left--;
                }
            }
        }
    }

    /** The i-th of c samples from t triplets is number floor((i t + offset) / c): distinct, since t > c. */
    private void sample(Anchor anchor, int[] counts, long total, long step, TripletSink chosen) {
        long offset = (long) (CounterRandom.unit(seed, step, anchor.row(), -1) * total);
        long taken = 0;
        long first = 0;
        for (int i = 0; i < counts.length; i++) {
            int[] negatives = new int[(int) Math.min(counts[i], capPerAnchor - taken)];
            int size = 0;
            while (taken < capPerAnchor && (taken * total + offset) / capPerAnchor < first + counts[i]) {
                negatives[size++] = anchor.negativeByRank((int) ((taken * total + offset) / capPerAnchor - first));
                taken++;
            }
            Arrays.sort(negatives, 0, size);
            for (int j = 0; j < size; j++) {
                chosen.add(anchor.positive(i), negatives[j]);
            }
            first += counts[i];
        }
    }
}
