package dev.mien.cli;

import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.Precision;
import dev.mien.bench.InferenceContest;
import dev.mien.internal.Native;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mien bench inference}: how long a prediction takes. */
@Command(
        name = "inference",
        header = "Measure predictions against LibTorch on the same weights.",
        description = "Pixels to logits, weights packed beforehand. LibTorch has its best split of threads. Against"
                + " ONNX Runtime: make bench ARGS=Inference.",
        footer = {
            "",
            "Examples:",
            "  mien bench inference",
            "  mien bench inference --backbone compact --batch 1 --threads 1"
        })
final class BenchInferenceCommand extends Subcommand {

    private static final int MAX_BATCH = 4096;

    @Option(names = "--backbone", split = ",", paramLabel = "B", description = "Default: compact,vgg19.")
    private List<BackboneKind> backbones = List.of(BackboneKind.COMPACT, BackboneKind.VGG19);

    @Option(names = "--batch", split = ",", paramLabel = "N", description = "Images of a call (default: 1,8,64).")
    private List<Integer> batches = List.of(1, 8, 64);

    @Option(names = "--precision", split = ",", paramLabel = "P", description = "float32, bfloat16 (default: both).")
    private List<Precision> precisions = List.of(Precision.FLOAT32, Precision.BFLOAT16);

    @Option(names = "--seconds", paramLabel = "S", description = "How long to measure in all, about (default: 30).")
    private double seconds = 30;

    /** The result as JSON; times in milliseconds. */
    private record Report(
            String kernels, String libtorch, String cpu, int threads, List<InferenceContest.Result> measurements) {}

    @Override
    void run(Console console) throws IOException {
        check();
        List<InferenceContest.Result> results = new ArrayList<>();
        int cases = backbones.size() * batches.size() * precisions.size();
        for (BackboneKind backbone : backbones) {
            for (int batch : batches) {
                InferenceContest contest = new InferenceContest(backbone, batch, global().threads());
                for (Precision precision : precisions) {
                    global().progress(console).at("measuring", results.size(), cases);
                    results.add(contest.measure(precision, seconds / cases));
                }
            }
        }
        global().progress(console).at("measuring", cases, cases);
        Report report = new Report(
                Native.activeIsa(),
                Loader.getVersion("org.bytedeco", "pytorch"),
                InfoCommand.cpu(),
                global().threads(),
                results);
        print(report, text(report));
    }

    private void check() {
        for (int batch : batches) {
            if (batch < 1 || batch > MAX_BATCH) {
                throw usage("--batch must be 1.." + MAX_BATCH + ", not " + batch);
            }
        }
        if (!(seconds > 0 && seconds <= 1e6)) {
            throw usage("--seconds must be above 0, not " + seconds);
        }
    }

    private static String text(Report report) {
        TextTable table = new TextTable(
                2, "network", "precision", "n", "p50 ms", "p90", "p99", "LibTorch", "p90", "p99", "ratio");
        for (InferenceContest.Result result : report.measurements) {
            table.row(
                    result.backbone().word(),
                    result.precision().word(),
                    result.batch(),
                    BenchReport.figure(result.mien().p50()),
                    BenchReport.figure(result.mien().p90()),
                    BenchReport.figure(result.mien().p99()),
                    BenchReport.figure(result.peer().p50()),
                    BenchReport.figure(result.peer().p90()),
                    BenchReport.figure(result.peer().p99()),
                    BenchReport.figure(result.ratio()));
        }
        return "native (%s) against LibTorch %s, threads: %d%n%s%n%n%s"
                .formatted(report.kernels, report.libtorch, report.threads, report.cpu, table);
    }
}
