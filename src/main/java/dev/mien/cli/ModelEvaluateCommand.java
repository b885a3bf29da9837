package dev.mien.cli;

import dev.mien.backbones.ModelFile;
import dev.mien.backbones.Precision;
import dev.mien.classifiers.SoftmaxHead;
import dev.mien.data.Dataset;
import dev.mien.data.Duplicates;
import dev.mien.data.FloatMatrix;
import dev.mien.data.Split;
import dev.mien.data.ViewSet;
import dev.mien.evaluation.ClassificationReport;
import dev.mien.evaluation.Results.ClassScore;
import dev.mien.evaluation.Significance;
import dev.mien.training.Devices;
import dev.mien.training.Embedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mien model evaluate}: a model's own head against labels. */
@Command(
        name = "evaluate",
        header = "Score a model on the images of one split.",
        description =
                "The model's own head, as it recognises expressions; models trained with triplet loss have none. On the"
                        + " test split also without images that have an identical twin in train or validation.",
        footer = {
            "",
            "Examples:",
            "  mien model evaluate --data archive.zip --split validation",
            "  mien model evaluate --model M.safetensors --data archive.zip --views plain"
        })
final class ModelEvaluateCommand extends Subcommand {

    @Mixin
    private ModelOption model;

    @Mixin
    private DataOptions data;

    @Option(names = "--split", paramLabel = "S", description = "train, validation or test (default).")
    private Split split = Split.TEST;

    @Option(
            names = "--views",
            paramLabel = "V",
            description = "Average over plain, mirrored (default) or ten-crop views.")
    private ViewSet views = ViewSet.MIRRORED;

    @Option(names = "--precision", paramLabel = "T", description = "float32 (default), bfloat16 or, on a GPU, tf32.")
    private Precision precision = Precision.FLOAT32;

    @Option(names = "--out", paramLabel = "R.json", description = "Write the scores as JSON, too.")
    private Path out;

    /** The scores, as JSON has them; those without twins are null on other splits than test. */
    private record Scores(
            String backbone,
            String data,
            Split split,
            ViewSet views,
            int n,
            double accuracy,
            List<Double> accuracyCi95,
            Double accuracyDeduplicated,
            Integer nDeduplicated,
            ClassificationReport.Average macro,
            ClassificationReport.Average weighted,
            List<ClassScore> perClass,
            List<List<Long>> confusion) {}

    @Override
    void run(Console console) throws IOException {
        if (out != null) {
            OutputPath.checkFile(out);
        }
        try (ModelFile file = model.open()) {
            if (!file.metadata().hasHead()) {
                throw new IllegalArgumentException(
                        "the model was trained with triplet loss, without a head; fit a classifier on its embeddings");
            }
            Dataset images = data.open(global().seed);
            file.backbone().moveTo(Devices.open(global().device()));
            file.backbone().setPrecision(precision);
            int[] predicted = predict(file, images, console);
            String name = file.backbone().name();
            ClassificationReport report =
                    ClassificationReport.of(images.split(split).labels(), predicted);
            Scores scores = scores(name, images, report, predicted);
            if (out != null) {
                Json.writeFile(out, scores);
            }
            print(scores, ScoreSheet.text(name, report) + withoutTwins(scores));
        }
    }

    private int[] predict(ModelFile file, Dataset images, Console console) {
        FloatMatrix features =
                Embedder.embed(file.backbone(), images.split(split), views, false, global().progress(console));
        try (SoftmaxHead head = SoftmaxHead.of(file.backbone())) {
            return head.predict(features);
        }
    }

    private Scores scores(String name, Dataset images, ClassificationReport report, int[] predicted) {
        int[] rows = split == Split.TEST ? rowsWithoutTwin(images) : null;
        Significance.Interval interval = ScoreSheet.interval(report);
        return new Scores(
                name,
                images.name(),
                split,
                views,
                report.n(),
                report.accuracy(),
                List.of(interval.low(), interval.high()),
                rows == null
                        ? null
                        : ClassificationReport.accuracy(images.split(split).labels(), predicted, rows),
                rows == null ? null : rows.length,
                report.macro(),
                report.weighted(),
                report.perClass(),
                report.confusion().toLists());
    }

    private static int[] rowsWithoutTwin(Dataset images) {
        boolean[] hasTwin = Duplicates.of(images).hasTwin(Split.TEST, Split.TRAIN, Split.VALIDATION);
        return IntStream.range(0, hasTwin.length).filter(row -> !hasTwin[row]).toArray();
    }

    private static String withoutTwins(Scores s) {
        return s.nDeduplicated == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%nwithout twins in train or validation: accuracy %.2f %% on %d rows%n",
                        100 * s.accuracyDeduplicated,
                        s.nDeduplicated);
    }
}
