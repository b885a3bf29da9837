package dev.mien.kernels;

import dev.mien.internal.Records;

/**
 * What a miner saw while it mined. Distances are those of the miner's {@link Distance}, computed in float64.
 *
 * @param anchors rows that were mined
 * @param validAnchors rows that have at least one positive and one negative
 * @param triplets triplets returned
 * @param easyPairs valid triplets (a,p,n) over the whole batch with dn >= dp + margin
 * @param semiHardPairs valid triplets with dp < dn < dp + margin
 * @param hardPairs valid triplets with dn <= dp
 * @param activeFraction share of the returned triplets with dn < dp + margin, 0 when there is none
 * @param samePercentiles same-class pair distances at the 5th, 25th, 50th, 75th and 95th percentile (NaN when there is none)
 * @param differentPercentiles the same for pairs of different classes
 * @param meanDistance mean over all pairs of an anchor and another row, 0 when there is none
 * @param duplicateRows references equal to an earlier one
 * @param skippedRows rows left out because they are not finite; those of the other figures are without them
 * @param collapsed whether the mean distance is so near 0 that the embedding has collapsed to a point
 */
public record MiningStatistics(
        long anchors,
        long validAnchors,
        long triplets,
        long easyPairs,
        long semiHardPairs,
        long hardPairs,
        double activeFraction,
        double[] samePercentiles,
        double[] differentPercentiles,
        double meanDistance,
        long duplicateRows,
        long skippedRows,
        boolean collapsed) {

    /** The same after leaving out rows. */
    public MiningStatistics withSkippedRows(long count) {
        return Records.with(this, "skippedRows", count);
    }

    /** The same of {@code count} triplets that are all active. */
    public MiningStatistics withActiveTriplets(long count) {
        return Records.with(Records.with(this, "triplets", count), "activeFraction", count == 0 ? 0.0 : 1.0);
    }
}
