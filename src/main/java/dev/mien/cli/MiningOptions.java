package dev.mien.cli;

import dev.mien.kernels.Distance;
import dev.mien.miners.MinerKind;
import dev.mien.miners.MinerOptions;
import dev.mien.miners.NegativeChoice;
import dev.mien.miners.Semantics;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How triplets are chosen, for every command that mines. What is not given stays as the command has it. */
final class MiningOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--miner",
            paramLabel = "M",
            description = "batch-hard, semi-hard, batch-all, random, easy-positive or distance-weighted.")
    MinerKind miner;

    @Option(names = "--semantics", paramLabel = "S", description = "Of semi-hard: facenet (default), tfa or violating.")
    private Semantics semantics;

    @Option(
            names = "--distance",
            paramLabel = "D",
            description = "euclidean (default), squared-euclidean, manhattan or cosine. distance-weighted draws by its"
                    + " own; there and with random it is that of the statistics.")
    private Distance distance;

    @Option(names = "--margin", paramLabel = "X", description = "Margin of the triplets, 0 or more (default: 0.2).")
    private Double margin;

    @Option(
            names = "--rank",
            paramLabel = "LO:HI",
            description = "Of batch-hard: the LO-th to HI-th hardest negatives, against label noise (default: 1:1).")
    private RankWindow rank;

    @Option(names = "--negatives", paramLabel = "W", description = "Of easy-positive: hard (default) or semi-hard.")
    private NegativeChoice negatives;

    @Option(names = "--cap", paramLabel = "N", description = "Of batch-all: most triplets of one anchor.")
    private Long cap;

    /** {@code base} with what was given, for a miner of {@code kind}; an option of another miner is wrong usage. */
    MinerOptions over(MinerOptions base, MinerKind kind) {
        only("--semantics", semantics, MinerKind.SEMI_HARD, kind);
        only("--rank", rank, MinerKind.BATCH_HARD, kind);
        only("--negatives", negatives, MinerKind.EASY_POSITIVE, kind);
        only("--cap", cap, MinerKind.BATCH_ALL, kind);
        if (margin != null && !(margin >= 0)) {
            throw new CommandLine.ParameterException(
                    command.commandLine(), "--margin must be 0 or more, not " + margin);
        }
        if (cap != null && cap < 1) {
            throw new CommandLine.ParameterException(command.commandLine(), "--cap must be 1 or more, not " + cap);
        }
        return new MinerOptions(
                distance == null ? base.distance() : distance,
                margin == null ? base.margin() : margin,
                semantics == null ? base.semantics() : semantics,
                rank == null ? base.rankLow() : rank.low(),
                rank == null ? base.rankHigh() : rank.high(),
                cap == null ? base.capPerAnchor() : cap,
                negatives == null ? base.negatives() : negatives,
                base.seed());
    }

    /** Whether any of these options was given. */
    boolean given() {
        return miner != null
                || semantics != null
                || distance != null
                || margin != null
                || rank != null
                || negatives != null
                || cap != null;
    }

    private void only(String option, Object value, MinerKind wanted, MinerKind kind) {
        if (value != null && kind != wanted) {
            throw new CommandLine.ParameterException(
                    command.commandLine(),
                    "%s belongs to --miner %s, not to %s".formatted(option, wanted.word(), kind.word()));
        }
    }
}
