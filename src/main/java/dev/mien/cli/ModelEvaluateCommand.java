package dev.mien.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.mien.backbones.BundledModel;
import dev.mien.backbones.ModelFile;
import dev.mien.backbones.Precision;
import dev.mien.classifiers.ProbabilityMean;
import dev.mien.classifiers.SoftmaxHead;
import dev.mien.data.Dataset;
import dev.mien.data.Duplicates;
import dev.mien.data.Expression;
import dev.mien.data.FloatMatrix;
import dev.mien.data.Split;
import dev.mien.data.ViewSet;
import dev.mien.evaluation.ClassificationReport;
import dev.mien.evaluation.Results.ClassScore;
import dev.mien.evaluation.Significance;
import dev.mien.internal.Progress;
import dev.mien.training.Devices;
import dev.mien.training.Embedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mien model evaluate}: a model's own head against labels. */
@Command(
        name = "evaluate",
        header = "Score a model on the images of one split.",
        description =
                "The model's own head, as it recognises expressions; models trained with triplet loss have none. Several"
                        + " models are scored as one, by the mean of their class probabilities. On the test split also"
                        + " without images that have an identical twin in train or validation.",
        footer = {
            "",
            "Examples:",
            "  mien model evaluate --data archive.zip --split validation",
            "  mien model evaluate --model M.safetensors --data archive.zip --views plain",
            "  mien model evaluate --model A.safetensors --model B.safetensors --data D"
        })
final class ModelEvaluateCommand extends Subcommand {

    @Option(names = "--model", paramLabel = "M", description = ModelOption.WORDS + " Again for each further model.")
    private List<Path> models = List.of(Path.of(BundledModel.WORD));

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

    /** One of several models. */
    private record Member(Path model, String backbone) {
        @Override
        public String toString() {
            return model + " (" + backbone + ")";
        }
    }

    /**
     * The scores, as JSON has them; those without twins are null on other splits than test.
     *
     * @param backbone of the model; those of several with a plus between them
     * @param models whose probabilities are averaged; null for one
     */
    private record Scores(
            String backbone,
            @JsonInclude(Include.NON_NULL) List<Member> models,
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
        List<Member> members = new ArrayList<>();
        for (Path path : models) { // all before the first is run, which may take minutes
            members.add(member(path));
        }
        Dataset images = data.open(global().seed);
        int[] predicted = predict(images, global().progress(console));
        ClassificationReport report =
                ClassificationReport.of(images.split(split).labels(), predicted);
        Scores scores = scores(members, images, report, predicted);
        if (out != null) {
            Json.writeFile(out, scores);
        }
        print(scores, ScoreSheet.text(title(members), report) + withoutTwins(scores));
    }

    private Member member(Path path) throws IOException {
        try (ModelFile file = ModelFile.read(BundledModel.orFile(path))) {
            String which = models.size() == 1 ? "the model" : path.toString();
            if (!file.metadata().hasHead()) {
                throw new IllegalArgumentException(
                        which + " was trained with triplet loss, without a head; fit a classifier on its embeddings");
            }
            if (models.size() > 1
                    && !String.join(", ", file.metadata().labels()).equals(Expression.words())) {
                throw new IllegalArgumentException("%s tells %s apart; expected %s"
                        .formatted(which, String.join(", ", file.metadata().labels()), Expression.words()));
            }
            return new Member(path, file.backbone().name());
        }
    }

    private static String title(List<Member> members) {
        return members.size() == 1
                ? members.get(0).backbone
                : "mean of " + members.stream().map(Member::toString).collect(Collectors.joining(", "));
    }

    private int[] predict(Dataset images, Progress progress) throws IOException {
        ProbabilityMean mean = new ProbabilityMean();
        for (Path path : models) {
            try (ModelFile file = ModelFile.read(BundledModel.orFile(path))) {
                file.backbone().moveTo(Devices.open(global().device()));
                file.backbone().setPrecision(precision);
                FloatMatrix features = Embedder.embed(file.backbone(), images.split(split), views, false, progress);
                try (SoftmaxHead head = SoftmaxHead.of(file.backbone())) {
                    if (models.size() == 1) {
                        return head.predict(features); // by its scores, which round later than probabilities
                    }
                    mean.add(head.probabilities(features));
                }
            }
        }
        return mean.predict();
    }

    private Scores scores(List<Member> members, Dataset images, ClassificationReport report, int[] predicted) {
        int[] rows = split == Split.TEST
                ? Duplicates.of(images).rowsWithoutTwin(Split.TEST, Split.TRAIN, Split.VALIDATION)
                : null;
        Significance.Interval interval = ScoreSheet.interval(report);
        return new Scores(
                members.stream().map(Member::backbone).collect(Collectors.joining(" + ")),
                members.size() == 1 ? null : members,
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
