package dev.mien.miners;

import dev.mien.internal.Words;
import java.util.function.Function;

/** The miners by the words of the command line. */
public enum MinerKind {
    /** {@link BatchHardMiner}. */
    BATCH_HARD(o -> new BatchHardMiner(o.distance(), o.margin(), o.rankLow(), o.rankHigh())),
    /** {@link SemiHardMiner}. */
    SEMI_HARD(o -> new SemiHardMiner(o.distance(), o.margin(), o.semantics(), o.seed())),
    /** {@link BatchAllMiner}. */
    BATCH_ALL(o -> new BatchAllMiner(o.distance(), o.margin(), o.capPerAnchor(), o.seed())),
    /** {@link RandomMiner}. */
    RANDOM(o -> new RandomMiner(o.distance(), o.margin(), o.seed())),
    /** {@link EasyPositiveMiner}. */
    EASY_POSITIVE(o -> new EasyPositiveMiner(o.distance(), o.margin(), o.negatives())),
    /** {@link DistanceWeightedMiner}. */
    DISTANCE_WEIGHTED(o -> new DistanceWeightedMiner(o.distance(), o.margin(), o.seed()));

    private final Function<MinerOptions, Miner> constructor;

    MinerKind(Function<MinerOptions, Miner> constructor) {
        this.constructor = constructor;
    }

    /** A miner of this kind; {@link IllegalArgumentException} for options out of range. */
    public Miner create(MinerOptions options) {
        return constructor.apply(options);
    }

    /** The word used on the command line, such as {@code batch-hard}. */
    public String word() {
        return Words.of(this);
    }

    /** The kind of a word; {@link IllegalArgumentException} listing the known ones otherwise. */
    public static MinerKind parse(String word) {
        return Words.parse(MinerKind.class, "miner", word);
    }
}
