package dev.mien.miners;

import dev.mien.kernels.Distance;

/**
 * What a miner may be told; each kind reads what it needs.
 *
 * @param margin 0 or more
 * @param semantics of {@code semi-hard}
 * @param rankLow first hardness rank of {@code batch-hard}, from 1
 * @param rankHigh last hardness rank of {@code batch-hard}
 * @param capPerAnchor most triplets of one anchor of {@code batch-all}; {@link BatchAllMiner#NO_CAP} for all
 * @param negatives of {@code easy-positive}
 * @param seed keys all draws
 */
public record MinerOptions(
        Distance distance,
        double margin,
        Semantics semantics,
        int rankLow,
        int rankHigh,
        long capPerAnchor,
        NegativeChoice negatives,
        long seed) {

    /** Every option at its default but these two. */
    public MinerOptions(Distance distance, double margin) {
        this(distance, margin, Semantics.FACENET, 1, 1, BatchAllMiner.NO_CAP, NegativeChoice.HARD, 0);
    }

    /** The same with another meaning of semi-hard. */
    public MinerOptions withSemantics(Semantics other) {
        return new MinerOptions(distance, margin, other, rankLow, rankHigh, capPerAnchor, negatives, seed);
    }

    /** The same with another window of ranks. */
    public MinerOptions withRanks(int low, int high) {
        return new MinerOptions(distance, margin, semantics, low, high, capPerAnchor, negatives, seed);
    }

    /** The same with another cap. */
    public MinerOptions withCap(long cap) {
        return new MinerOptions(distance, margin, semantics, rankLow, rankHigh, cap, negatives, seed);
    }

    /** The same with another choice of negatives. */
    public MinerOptions withNegatives(NegativeChoice other) {
        return new MinerOptions(distance, margin, semantics, rankLow, rankHigh, capPerAnchor, other, seed);
    }

    /** The same with another seed. */
    public MinerOptions withSeed(long other) {
        return new MinerOptions(distance, margin, semantics, rankLow, rankHigh, capPerAnchor, negatives, other);
    }
}
