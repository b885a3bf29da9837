package dev.mien.evaluation;

import dev.mien.data.Expression;
import dev.mien.evaluation.StudyResults.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The scores of a study by variant and classifier; variants in the study's order, runs of one in that of the seeds. */
final class StudyScores {

    private final Map<String, List<Run>> runs = new LinkedHashMap<>();
    private final int[] validation;
    private final int[] test;
    private final int[] withoutTwin;

    StudyScores(StudyResults results) {
        validation = StudyResults.classes(results.validation());
        test = StudyResults.classes(results.test());
        withoutTwin = IntStream.range(0, test.length)
                .filter(row -> results.testTwins().charAt(row) == '0')
                .toArray();
        results.runs().forEach(run -> runs.computeIfAbsent(run.variant(), v -> new ArrayList<>())
                .add(run));
        runs.values().forEach(list -> list.sort(Comparator.comparing(Run::seed)));
    }

    /** Mean and standard deviation over seeds (n - 1; NaN for one seed). */
    record Spread(double mean, double deviation, double[] each) {

        static Spread of(double[] each) {
            double mean = Arrays.stream(each).average().orElse(Double.NaN);
            double squares =
                    Arrays.stream(each).map(x -> (x - mean) * (x - mean)).sum();
            return new Spread(mean, Math.sqrt(squares / (each.length - 1)), each);
        }
    }

    List<String> variants() {
        return List.copyOf(runs.keySet());
    }

    List<Run> runs(String variant) {
        return runs.getOrDefault(variant, List.of());
    }

    String question(String variant) {
        return runs(variant).get(0).question();
    }

    boolean has(String variant, String classifier) {
        return runs(variant).stream().anyMatch(run -> run.predictions().containsKey(classifier));
    }

    Spread over(String variant, ToDoubleFunction<Run> figure) {
        return Spread.of(runs(variant).stream().mapToDouble(figure).toArray());
    }

    Spread accuracy(String variant, String classifier) {
        return over(variant, run -> report(run, classifier, false).accuracy());
    }

    /** Over the test images without an identical twin in train or validation. */
    Spread accuracyWithoutTwins(String variant, String classifier) {
        return over(
                variant,
                run -> ClassificationReport.accuracy(
                        test,
                        StudyResults.classes(run.predictions().get(classifier).test()),
                        withoutTwin));
    }

    Spread f1(String variant, String classifier) {
        return over(variant, run -> report(run, classifier, false).macro().f1());
    }

    /** On the validation split, by which variants are chosen. */
    Spread validationF1(String variant, String classifier) {
        return over(variant, run -> report(run, classifier, true).macro().f1());
    }

    private ClassificationReport report(Run run, String classifier, boolean onValidation) {
        StudyResults.Predictions predictions = run.predictions().get(classifier);
        return onValidation
                ? ClassificationReport.of(validation, StudyResults.classes(predictions.validation()))
                : ClassificationReport.of(test, StudyResults.classes(predictions.test()));
    }

    /** Test predictions of each seed. */
    List<int[]> predictions(String variant, String classifier) {
        return runs(variant).stream()
                .map(run ->
                        StudyResults.classes(run.predictions().get(classifier).test()))
                .toList();
    }

    /** Macro F1 on the test split, {@code other} minus {@code first}. */
    PairedBootstrap.Difference difference(String first, String firstClassifier, String other, String otherClassifier) {
        return new PairedBootstrap(test, Expression.COUNT)
                .macroF1(predictions(first, firstClassifier), predictions(other, otherClassifier), 1);
    }

    /** Exact McNemar p of each seed, on the test split. */
    double[] mcnemar(String first, String firstClassifier, String other, String otherClassifier) {
        List<int[]> a = predictions(first, firstClassifier);
        List<int[]> b = predictions(other, otherClassifier);
        double[] p = new double[Math.min(a.size(), b.size())];
        for (int i = 0; i < p.length; i++) {
            p[i] = Significance.mcnemar(test, a.get(i), b.get(i));
        }
        return p;
    }
}
