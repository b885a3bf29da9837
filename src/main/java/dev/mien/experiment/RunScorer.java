package dev.mien.experiment;

import dev.mien.backbones.Backbone;
import dev.mien.data.Dataset;
import dev.mien.data.Duplicates;
import dev.mien.data.Expression;
import dev.mien.data.Split;
import dev.mien.evaluation.ClassificationReport;
import dev.mien.evaluation.ConfusionMatrix;
import dev.mien.evaluation.Results;
import dev.mien.evaluation.Significance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns predictions into the runs of the report, each beside its seed's baseline: cross entropy + softmax. */
final class RunScorer {

    private final Dataset data;
    private final int[] withoutTwin;
    private final Map<Long, ClassifierStage.Outcome> baselines = new HashMap<>();

    RunScorer(Dataset data, Duplicates duplicates) {
        this.data = data;
        withoutTwin = duplicates.rowsWithoutTwin(Split.TEST, Split.TRAIN, Split.VALIDATION);
    }

    /** One run for validation and one for test, in this order. The first outcome of each seed is its baseline. */
    List<Results.Run> score(
            Backbone backbone, String loss, String classifier, long seed, ClassifierStage.Outcome outcome) {
        ClassifierStage.Outcome baseline = baselines.putIfAbsent(seed, outcome);
        return List.of(
                run(
                        backbone,
                        loss,
                        classifier,
                        seed,
                        Split.VALIDATION,
                        outcome.validation(),
                        baseline == null ? null : baseline.validation(),
                        outcome.seconds()),
                run(
                        backbone,
                        loss,
                        classifier,
                        seed,
                        Split.TEST,
                        outcome.test(),
                        baseline == null ? null : baseline.test(),
                        outcome.seconds()));
    }

    private Results.Run run(
            Backbone backbone,
            String loss,
            String classifier,
            long seed,
            Split split,
            int[] predicted,
            int[] baseline,
            double seconds) {
        int[] actual = data.split(split).labels();
        boolean test = split == Split.TEST;
        return Results.Run.of(
                backbone.name(),
                backbone.parameterCount(),
                loss,
                classifier,
                split,
                ClassificationReport.of(ConfusionMatrix.of(actual, predicted, Expression.COUNT)),
                test ? ClassificationReport.accuracy(actual, predicted, withoutTwin) : null,
                test ? withoutTwin.length : null,
                baseline == null ? null : Significance.mcnemar(actual, baseline, predicted),
                seconds,
                seed);
    }
}
