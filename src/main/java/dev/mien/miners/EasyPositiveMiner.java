package dev.mien.miners;

import dev.mien.kernels.Anchor;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.NativeMining;
import dev.mien.kernels.TripletSink;
import dev.mien.kernels.Triplets;

/** Per valid anchor the nearest positive with a hard or semi-hard negative (Xuan et al., "Improved Embeddings with Easy
 * Positive Triplet Mining", 2020). */
public record EasyPositiveMiner(Distance distance, double margin, NegativeChoice negatives) implements Miner {

    /** Checks the margin; {@link IllegalArgumentException} otherwise. */
    public EasyPositiveMiner {
        Checks.margin(margin);
    }

    @Override
    public String name() {
        return MinerKind.EASY_POSITIVE.word();
    }

    @Override
    public Triplets select(NativeMining mining, Batch batch, long step) {
        return mining.easyPositive(batch, distance, margin, negatives.ordinal());
    }

    @Override
    public void select(Anchor anchor, long step, TripletSink chosen) {
        int positive = anchor.nearestPositive();
        int negative =
                switch (negatives) {
                    case HARD -> anchor.nearestNegative();
                    case SEMI_HARD -> SemiHardMiner.nearestInWindow(anchor, positive, margin);
                };
        if (negative >= 0) {
            chosen.add(positive, negative);
        }
    }
}
