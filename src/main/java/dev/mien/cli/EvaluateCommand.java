package dev.mien.cli;

import dev.mien.classifiers.Classifier;
import dev.mien.classifiers.ClassifierKind;
import dev.mien.classifiers.Classifiers;
import dev.mien.data.FloatMatrix;
import dev.mien.evaluation.ClassificationReport;
import dev.mien.evaluation.Results.ClassScore;
import dev.mien.evaluation.Significance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mien evaluate}: a fitted classifier against labels. */
@Command(
        name = "evaluate",
        header = "Score a fitted classifier.",
        description =
                "Prints accuracy with its 95 %% interval, precision, recall and F1 per class and averaged, and the"
                        + " confusion matrix.",
        footer = {
            "",
            "Examples:",
            "  mien evaluate --classifier C --embeddings E.npy --labels Y.npy",
            "  mien evaluate --classifier C --embeddings E.npy --labels Y.npy \\",
            "                --out report.json --json"
        })
final class EvaluateCommand extends Subcommand {

    @Option(names = "--classifier", required = true, paramLabel = "C", description = "What 'mien fit' wrote.")
    private Path classifier;

    @Mixin
    private FeatureOptions features;

    @Option(names = "--out", paramLabel = "R.json", description = "Write the scores as JSON, too.")
    private Path out;

    /** The scores, as JSON has them. */
    private record Scores(
            ClassifierKind classifier,
            int n,
            double accuracy,
            List<Double> accuracyCi95,
            ClassificationReport.Average macro,
            ClassificationReport.Average weighted,
            List<ClassScore> perClass,
            List<List<Long>> confusion) {}

    @Override
    void run(Console console) throws IOException {
        if (out != null) {
            OutputPath.checkFile(out);
        }
        FloatMatrix embeddings = ArrayFiles.embeddings(features.embeddings);
        int[] labels = ArrayFiles.expressions(features.labels, embeddings, features.embeddings);
        if (labels.length == 0) {
            throw new IllegalArgumentException(features.embeddings + " has no rows to score");
        }
        try (Classifier fitted = Classifiers.load(classifier)) {
            ClassificationReport report = ClassificationReport.of(labels, fitted.predict(embeddings));
            Scores scores = scores(fitted.kind(), report);
            if (out != null) {
                Json.writeFile(out, scores);
            }
            print(scores, ScoreSheet.text(fitted.kind().word(), report));
        }
    }

    private static Scores scores(ClassifierKind kind, ClassificationReport report) {
        Significance.Interval interval = ScoreSheet.interval(report);
        return new Scores(
                kind,
                report.n(),
                report.accuracy(),
                List.of(interval.low(), interval.high()),
                report.macro(),
                report.weighted(),
                report.perClass(),
                report.confusion().toLists());
    }
}
