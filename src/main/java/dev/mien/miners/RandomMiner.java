package dev.mien.miners;

import dev.mien.kernels.Anchor;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.NativeMining;
import dev.mien.kernels.TripletSink;
import dev.mien.kernels.Triplets;

/**
 * Per valid anchor one uniformly drawn positive and one uniformly drawn negative.
 *
 * @param distance used by the statistics only, as is the margin
 * @param seed keys the draws
 */
public record RandomMiner(Distance distance, double margin, long seed) implements Miner {

    /** Checks the margin; {@link IllegalArgumentException} otherwise. */
    public RandomMiner {
        Checks.margin(margin);
    }

    @Override
    public String name() {
        return MinerKind.RANDOM.word();
    }

    @Override
    public Triplets select(NativeMining mining, Batch batch, long step) {
        return mining.random(batch, seed, step);
    }

    @Override
    public void select(Anchor anchor, long step, TripletSink chosen) {
        int positive = anchor.positive(CounterRandom.below(anchor.positiveCount(), seed, step, anchor.row(), -1));
        chosen.add(
                positive,
                anchor.negative(CounterRandom.below(anchor.negativeCount(), seed, step, anchor.row(), positive)));
    }
}
