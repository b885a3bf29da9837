package dev.mien.miners;

import dev.mien.kernels.Anchor;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.NativeMining;
import dev.mien.kernels.TripletSink;
import dev.mien.kernels.Triplets;
import java.util.stream.IntStream;

/**
 * Per valid anchor the farthest positive and the nearest negative (Hermans et al., "In Defense of the Triplet Loss",
 * 2017); or, against label noise, the negatives in a window of hardness ranks.
 *
 * @param margin used by the statistics only
 * @param rankLow hardest negative to take, 1 being the nearest
 * @param rankHigh last negative to take; fewer are returned where there are fewer
 */
public record BatchHardMiner(Distance distance, double margin, int rankLow, int rankHigh) implements Miner {

    /** Checks margin and ranks; {@link IllegalArgumentException} otherwise. */
    public BatchHardMiner {
        Checks.margin(margin);
        if (rankLow < 1 || rankHigh < rankLow) {
            throw new IllegalArgumentException(
                    "the rank window must satisfy 1 <= low <= high, not %d:%d".formatted(rankLow, rankHigh));
        }
    }

    /** The nearest negative only. */
    public BatchHardMiner(Distance distance, double margin) {
        this(distance, margin, 1, 1);
    }

    @Override
    public String name() {
        return MinerKind.BATCH_HARD.word();
    }

    @Override
    public Triplets select(NativeMining mining, Batch batch, long step) {
        return mining.batchHard(batch, distance, rankLow, rankHigh);
    }

    @Override
    public void select(Anchor anchor, long step, TripletSink chosen) {
        int positive = anchor.farthestPositive();
        if (rankHigh == 1) {
            chosen.add(positive, anchor.nearestNegative());
            return;
        }
        IntStream.range(rankLow - 1, Math.min(rankHigh, anchor.negativeCount()))
                .map(anchor::negativeByRank)
                .sorted()
                .forEach(negative -> chosen.add(positive, negative));
    }
}
