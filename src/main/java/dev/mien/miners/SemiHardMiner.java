package dev.mien.miners;

import dev.mien.kernels.Anchor;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.NativeMining;
import dev.mien.kernels.TripletSink;
import dev.mien.kernels.Triplets;

/**
 * One negative for every ordered pair of anchor and positive, by the chosen {@link Semantics}.
 *
 * @param seed keys the draws of {@link Semantics#VIOLATING}
 */
public record SemiHardMiner(Distance distance, double margin, Semantics semantics, long seed) implements Miner {

    private static final int NONE = -1;

    /** Checks the margin; {@link IllegalArgumentException} otherwise. */
    public SemiHardMiner {
        Checks.margin(margin);
    }

    @Override
    public String name() {
        return MinerKind.SEMI_HARD.word();
    }

    @Override
    public Triplets select(NativeMining mining, Batch batch, long step) {
        return mining.semiHard(batch, distance, margin, semantics.ordinal(), seed, step);
    }

    @Override
    public void select(Anchor anchor, long step, TripletSink chosen) {
        for (int i = 0; i < anchor.positiveCount(); i++) {
            int positive = anchor.positive(i);
            int negative =
                    switch (semantics) {
                        case FACENET -> nearestInWindow(anchor, positive, margin);
                        case TFA -> nearestFartherOrFarthest(anchor, positive);
                        case VIOLATING -> drawViolating(anchor, positive, step);
                    };
            if (negative != NONE) {
                chosen.add(positive, negative);
            }
        }
    }

    /** The nearest negative with dp < dn < dp + margin, or -1. */
    static int nearestInWindow(Anchor anchor, int positive, double margin) {
        double distance = anchor.distance(positive);
        int rank = anchor.negativesUpTo(distance);
        boolean inside = rank < anchor.negativeCount() && anchor.distanceByRank(rank) < distance + margin;
        return inside ? anchor.negativeByRank(rank) : NONE;
    }

    private static int nearestFartherOrFarthest(Anchor anchor, int positive) {
        int rank = anchor.negativesUpTo(anchor.distance(positive));
        return rank < anchor.negativeCount() ? anchor.negativeByRank(rank) : anchor.farthestNegative();
    }

    private int drawViolating(Anchor anchor, int positive, long step) {
        int violating = anchor.negativesBelow(anchor.distance(positive) + margin);
        if (violating == 0) {
            return NONE;
        }
        return anchor.negativeByRank(CounterRandom.below(violating, seed, step, anchor.row(), positive));
    }
}
