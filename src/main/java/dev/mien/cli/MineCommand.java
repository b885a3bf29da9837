package dev.mien.cli;

import dev.mien.data.FloatMatrix;
import dev.mien.data.Npy;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.MiningResult;
import dev.mien.kernels.MiningStatistics;
import dev.mien.kernels.NativeKernels;
import dev.mien.kernels.Triplets;
import dev.mien.miners.Miner;
import dev.mien.miners.MinerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mien mine}: triplets of a set of embeddings. Needs no LibTorch. */
@Command(
        name = "mine",
        header = "Choose triplets among embeddings.",
        description =
                "Writes row numbers (anchor, positive, negative) in lexicographic order, and prints what was seen on"
                        + " the way. The environment variable MIEN_KERNELS chooses what mines: native (default), or"
                        + " torch, which stands for plain Java here; the triplets are the same.",
        footer = {
            "",
            "Examples:",
            "  mien mine --embeddings E.npy --labels Y.npy --miner batch-hard --out T.npy",
            "  mien mine --embeddings E.npy --labels Y.npy --miner semi-hard \\",
            "            --semantics violating --distance cosine --margin 0.1 --out T.npy"
        })
final class MineCommand extends Subcommand {

    @Mixin
    private FeatureOptions features;

    @Mixin
    private MiningOptions mining;

    @Option(
            names = "--skip-non-finite",
            description = "Leave out rows that hold a NaN or an infinity and count them; without it they are an error.")
    private boolean skipNonFinite;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "T.npy",
            description = "Triplets to write, int64 (t, 3): anchor, positive, negative.")
    private Path out;

    /** The result as JSON. */
    private record Summary(
            String miner,
            Distance distance,
            double margin,
            String kernels,
            double seconds,
            Path out,
            MiningStatistics statistics) {}

    @Override
    void run(Console console) throws IOException {
        if (mining.miner == null) {
            throw usage("Missing required option: '--miner=M'");
        }
        if (skipNonFinite && onGpu()) {
            throw usage("--skip-non-finite is for --device cpu");
        }
        MinerOptions base = new MinerOptions(Distance.EUCLIDEAN, 0.2).withSeed(global().seed);
        Miner miner = mining.miner.create(mining.over(base, mining.miner));
        OutputPath.checkFile(out);
        FloatMatrix embeddings =
                skipNonFinite ? Npy.readFloats(features.embeddings) : ArrayFiles.embeddings(features.embeddings);
        long[] labels = ArrayFiles.labels(features.labels, embeddings, features.embeddings);
        Kernels kernels = Kernels.preferred();
        long started = System.nanoTime();
        MiningResult mined = mine(miner, kernels, embeddings, labels);
        double seconds = (System.nanoTime() - started) / 1e9;
        Triplets triplets = mined.triplets();
        Npy.writeColumns(out, triplets.anchor(), triplets.positive(), triplets.negative());
        warn(console, mined.statistics());
        print(
                new Summary(
                        miner.name(),
                        miner.distance(),
                        miner.margin(),
                        description(kernels),
                        seconds,
                        out,
                        mined.statistics()),
                text(mined.statistics(), description(kernels)));
    }

    private MiningResult mine(Miner miner, Kernels kernels, FloatMatrix embeddings, long[] labels) {
        if (onGpu()) {
            return TorchArrays.mineOnGpu(embeddings, labels, batch -> miner.mine(batch, 0, kernels));
        }
        Batch batch = Batch.of(embeddings.values(), embeddings.columns(), labels);
        return skipNonFinite ? miner.mineFinite(batch, 0, kernels) : miner.mine(batch, 0, kernels);
    }

    private boolean onGpu() {
        return global().deviceOfArrays().equals("cuda");
    }

    /** What mined: LibTorch has no miners, so that plain Java stands in for it. */
    private String description(Kernels kernels) {
        String description = kernels.description(global().deviceOfArrays());
        return kernels instanceof NativeKernels ? description : description + " (mining in Java)";
    }

    private static void warn(Console console, MiningStatistics seen) {
        if (seen.collapsed()) {
            console.say("mien: warning: the embeddings have collapsed, their mean distance is " + seen.meanDistance());
        }
        if (seen.skippedRows() > 0) {
            console.say("mien: warning: rows that are not finite were left out: " + seen.skippedRows());
        }
        if (seen.triplets() == 0) {
            console.say("mien: warning: no triplet was found");
        }
    }

    private static String text(MiningStatistics seen, String kernels) {
        return new TextTable(1, "statistic", "value")
                .row("kernels", kernels)
                .row("rows", seen.anchors())
                .row("valid anchors", seen.validAnchors())
                .row("duplicate rows", seen.duplicateRows())
                .row("skipped rows", seen.skippedRows())
                .row("triplets", seen.triplets())
                .row("active fraction", figure(seen.activeFraction()))
                .row("easy triplets in the batch", seen.easyPairs())
                .row("semi-hard triplets in the batch", seen.semiHardPairs())
                .row("hard triplets in the batch", seen.hardPairs())
                .row("mean distance", figure(seen.meanDistance()))
                .row("same class: 5, 25, 50, 75, 95 %", percentiles(seen.samePercentiles()))
                .row("different class: 5, 25, 50, 75, 95 %", percentiles(seen.differentPercentiles()))
                .toString();
    }

    private static String percentiles(double[] values) {
        return Arrays.stream(values).mapToObj(MineCommand::figure).collect(Collectors.joining(" "));
    }

    private static String figure(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4g", value);
    }
}
