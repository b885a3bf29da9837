package dev.mien.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.mien.classifiers.Classifier;
import dev.mien.classifiers.ClassifierKind;
import dev.mien.classifiers.Classifiers;
import dev.mien.classifiers.ProbabilityMean;
import dev.mien.data.Expression;
import dev.mien.data.FloatMatrix;
import dev.mien.evaluation.ClassificationReport;
import dev.mien.evaluation.Results.ClassScore;
import dev.mien.evaluation.Significance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mien evaluate}: a fitted classifier against labels. */
@Command(
        name = "evaluate",
        header = "Score a fitted classifier.",
        description =
                "Prints accuracy with its 95 %% interval, precision, recall and F1 per class and averaged, and the"
                        + " confusion matrix. Several classifiers, each with its own embeddings of the same rows, are"
                        + " scored as one, by the mean of their class probabilities; an SVM has none.",
        footer = {
            "",
            "Examples:",
            "  mien evaluate --classifier C --embeddings E.npy --labels Y.npy",
            "  mien evaluate --classifier C --embeddings E.npy --labels Y.npy \\",
            "                --out report.json --json",
            "  mien evaluate --classifier C --embeddings E.npy \\",
            "                --classifier D --embeddings F.npy --labels Y.npy"
        })
final class EvaluateCommand extends Subcommand {

    @Option(
            names = "--classifier",
            required = true,
            paramLabel = "C",
            description = "What 'mien fit' wrote; again for each further one.")
    private List<Path> classifiers;

    @Option(
            names = "--embeddings",
            required = true,
            paramLabel = "E.npy",
            description = "float32 (n, d), one for each classifier, in their order.")
    private List<Path> embeddings;

    @Option(names = "--labels", required = true, paramLabel = "Y.npy", description = "int64 (n).")
    private Path labels;

    @Option(names = "--out", paramLabel = "R.json", description = "Write the scores as JSON, too.")
    private Path out;

    /** One of several classifiers and the embeddings it is given. */
    private record Member(ClassifierKind classifier, Path file, Path embeddings) {
        @Override
        public String toString() {
            return file + " (" + classifier.word() + ")";
        }
    }

    /**
     * The scores, as JSON has them.
     *
     * @param classifier its word; those of several with a plus between them
     * @param classifiers whose probabilities are averaged; null for one
     */
    private record Scores(
            String classifier,
            @JsonInclude(Include.NON_NULL) List<Member> classifiers,
            int n,
            double accuracy,
            List<Double> accuracyCi95,
            ClassificationReport.Average macro,
            ClassificationReport.Average weighted,
            List<ClassScore> perClass,
            List<List<Long>> confusion) {}

    @Override
    void run(Console console) throws IOException {
        if (classifiers.size() != embeddings.size()) {
            throw usage("%d of --classifier but %d of --embeddings; each classifier takes one"
                    .formatted(classifiers.size(), embeddings.size()));
        }
        if (out != null) {
            OutputPath.checkFile(out);
        }
        FloatMatrix first = ArrayFiles.embeddings(embeddings.get(0));
        int[] actual = ArrayFiles.expressions(labels, first, embeddings.get(0));
        if (actual.length == 0) {
            throw new IllegalArgumentException(embeddings.get(0) + " has no rows to score");
        }
        List<Member> members = new ArrayList<>();
        int[] predicted = classifiers.size() == 1 ? one(first, members) : mean(first, members);
        ClassificationReport report = ClassificationReport.of(actual, predicted);
        Scores scores = scores(members, report);
        if (out != null) {
            Json.writeFile(out, scores);
        }
        print(scores, ScoreSheet.text(title(members), report));
    }

    private int[] one(FloatMatrix rows, List<Member> members) throws IOException {
        try (Classifier fitted = Classifiers.load(classifiers.get(0))) {
            members.add(new Member(fitted.kind(), classifiers.get(0), embeddings.get(0)));
            return fitted.predict(rows);
        }
    }

    private int[] mean(FloatMatrix first, List<Member> members) throws IOException {
        ProbabilityMean mean = new ProbabilityMean();
        for (int i = 0; i < classifiers.size(); i++) {
            FloatMatrix rows = i == 0 ? first : ArrayFiles.embeddings(embeddings.get(i));
            ArrayFiles.labels(labels, rows, embeddings.get(i)); // as many as there are rows
            try (Classifier fitted = Classifiers.load(classifiers.get(i))) {
                members.add(new Member(fitted.kind(), classifiers.get(i), embeddings.get(i)));
                mean.add(probabilities(fitted, classifiers.get(i), rows));
            }
        }
        return mean.predict();
    }

    private static FloatMatrix probabilities(Classifier fitted, Path file, FloatMatrix rows) {
        if (!fitted.kind().givesProbabilities()) {
            throw new IllegalArgumentException("%s: %s votes and gives no class probabilities, so it is scored alone"
                    .formatted(file, fitted.name()));
        }
        try {
            FloatMatrix probabilities = fitted.probabilities(rows);
            if (probabilities.columns() == Expression.COUNT) {
                return probabilities;
            }
            throw new IllegalArgumentException(
                    "it tells %d classes apart; expected %d".formatted(probabilities.columns(), Expression.COUNT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static String title(List<Member> members) {
        return members.size() == 1
                ? members.get(0).classifier.word()
                : "mean of " + members.stream().map(Member::toString).collect(Collectors.joining(", "));
    }

    private static Scores scores(List<Member> members, ClassificationReport report) {
        Significance.Interval interval = ScoreSheet.interval(report);
        return new Scores(
                members.stream().map(member -> member.classifier.word()).collect(Collectors.joining(" + ")),
                members.size() == 1 ? null : members,
                report.n(),
                report.accuracy(),
                List.of(interval.low(), interval.high()),
                report.macro(),
                report.weighted(),
                report.perClass(),
                report.confusion().toLists());
    }
}
