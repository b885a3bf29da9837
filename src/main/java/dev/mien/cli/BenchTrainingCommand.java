package dev.mien.cli;

import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.Precision;
import dev.mien.bench.StepProfile;
import dev.mien.bench.TrainingContest;
import dev.mien.data.Expression;
import dev.mien.training.Batching;
import dev.mien.training.Devices;
import dev.mien.training.LossKind;
import dev.mien.training.TrainingSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.Loader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mien bench training}: how long a training step takes, and where. */
@Command(
        name = "training",
        header = "Measure training steps, and what of them is spent in Java.",
        description = "Steps of the preset quick on generated faces, with augmentation and mining, in turns with bare"
                + " ones by LibTorch's own cross entropy and SGD on the same network and number of images. Where steps"
                + " spend their time is seen by looking at the thread every 10 ms.",
        footer = {
            "",
            "Examples:",
            "  mien bench training",
            "  mien bench training --backbone vgg19 --loss joint --precision float32"
        })
final class BenchTrainingCommand extends Subcommand {

    private static final int MOST = 4096;

    @Option(names = "--backbone", split = ",", paramLabel = "B", description = "Default: compact,vgg19-bn.")
    private List<BackboneKind> backbones = List.of(BackboneKind.COMPACT, BackboneKind.VGG19_BN);

    @Option(
            names = "--loss",
            split = ",",
            paramLabel = "L",
            description = "cross-entropy, triplet, joint (default: cross-entropy,triplet).")
    private List<LossKind> losses = List.of(LossKind.CROSS_ENTROPY, LossKind.TRIPLET);

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Images of a step (default: 128). Balanced batches, which losses that mine have, take as many"
                    + " of each class: 126.")
    private int batchSize = 128;

    @Option(
            names = "--precision",
            paramLabel = "T",
            description = "float32, bfloat16 or, on a GPU, tf32 (default: the preset's).")
    private Precision precision;

    @Option(names = "--seconds", paramLabel = "S", description = "How long to measure in all, about (default: 60).")
    private double seconds = 60;

    /** The result as JSON; times in milliseconds. */
    private record Report(
            String libtorch, String cpu, String device, int threads, List<TrainingContest.Result> measurements) {}

    @Override
    void run(Console console) throws IOException {
        check();
        String device = Devices.resolve(global().device());
        List<TrainingContest.Result> results = new ArrayList<>();
        int cases = backbones.size() * losses.size();
        for (BackboneKind backbone : backbones) {
            for (LossKind loss : losses) {
                global().progress(console).at("measuring", results.size(), cases);
                results.add(new TrainingContest(backbone, settings(loss, device), global().threads())
                        .measure(seconds / cases));
            }
        }
        global().progress(console).at("measuring", cases, cases);
        Report report = new Report(
                Loader.getVersion("org.bytedeco", "pytorch"), InfoCommand.cpu(), device, global().threads(), results);
        print(report, text(report));
    }

    private void check() {
        int least = 2 * Expression.COUNT; // two images of each class
        if (batchSize < least || batchSize > MOST) {
            throw usage("--batch-size must be %d..%d, not %d".formatted(least, MOST, batchSize));
        }
        if (!(seconds > 0 && seconds <= 1e6)) {
            throw usage("--seconds must be above 0, not " + seconds);
        }
    }

    private TrainingSettings settings(LossKind loss, String device) {
        TrainingSettings settings =
                TrainingSettings.quick(loss).withSeed(global().seed).withDevice(device);
        settings = precision == null ? settings : settings.withPrecision(precision);
        settings.precision().checkOn(device);
        return settings.batching() == Batching.BALANCED
                ? settings.withImagesPerClass(batchSize / Expression.COUNT)
                : settings.withBatchSize(batchSize);
    }

    private static String text(Report report) {
        TextTable times =
                new TextTable(2, "network", "loss", "n", "p50 ms", "p90", "images/s", "bare ms", "p90", "ratio");
        TextTable shares = new TextTable(
                2, "network", "trained with", "augment", "forward", "loss", "backward", "update", "other", "Java");
        for (TrainingContest.Result result : report.measurements) {
            String network = result.backbone().word();
            String loss = result.loss().word();
            times.row(
                    network,
                    loss,
                    result.batch(),
                    BenchReport.figure(result.mien().p50()),
                    BenchReport.figure(result.mien().p90()),
                    BenchReport.figure(result.imagesPerSecond()),
                    BenchReport.figure(result.peer().p50()),
                    BenchReport.figure(result.peer().p90()),
                    BenchReport.figure(result.ratio()));
            List<Object> cells = new ArrayList<>(List.of(network, loss));
            for (StepProfile.Part part : StepProfile.Part.values()) {
                cells.add(percent(result.profile().parts().getOrDefault(part, 0.0)));
            }
            cells.add(percent(result.profile().java()));
            shares.row(cells.toArray());
        }
        return "training steps (%s, %s) against LibTorch %s, threads: %d%n%s%n%n%s%nShares of a step, %%%n%s"
                .formatted(
                        report.measurements.get(0).precision().word(),
                        report.device,
                        report.libtorch,
                        report.threads,
                        report.cpu,
                        times,
                        shares);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }
}
