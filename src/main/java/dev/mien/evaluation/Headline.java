package dev.mien.evaluation;

import dev.mien.data.Split;
import dev.mien.evaluation.Results.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the report says first, in words that its HTML and Markdown forms share. */
final class Headline {

    static final String SUBTITLE =
            "After Liman and Kusuma, “Facial Expression Recognition Using Deep Learning and Neural "
                    + "Embeddings”, Revue d’Intelligence Artificielle 38(4), 2024.";
    static final String AVERAGES =
            "Precision, recall and F1 are macro averages, in percent; differences are percentage points. "
                    + "Precision divides by the predicted count (the paper’s equation 3 is a misprint). Intervals are 95 % Wilson intervals.";
    static final String OVERFIT =
            "The paper’s XGBoost scores 99.8 % on the training images against 65 % on the test images.";
    static final String SOURCE =
            "The paper’s full text is not available to us: its figures here are those of its abstract and "
                    + "the few others known to us; every other cell of its column is left open rather than guessed.";

    private final Results results;
    private final Scores scores;

    Headline(Results results) {
        this.results = results;
        this.scores = new Scores(results);
    }

    /** One large number and what it is. */
    record Figure(String value, String meaning) {}

    String title() {
        return "Facial expressions from neural embeddings: "
                + Format.text(results.dataset().name());
    }

    List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        scores.best().ifPresent(best -> {
            figures.add(new Figure(
                    Format.percent(best.accuracy()) + " %", "test accuracy, 95 % interval " + best.interval()));
            figures.add(new Figure(Format.percent(best.mean(Run::f1)) + " %", "macro F1"));
            if (PaperFigures.sameData(results.dataset())) {
                figures.add(new Figure(
                        Format.points(best.accuracy() - PaperFigures.BEST_TEST_ACCURACY),
                        "points against the paper’s best, " + Format.percent(PaperFigures.BEST_TEST_ACCURACY)));
            }
        });
        return figures;
    }

    List<String> sentences() {
        if (scores.best().isEmpty()) {
            return List.of("No combination was scored on the test split.");
        }
        Score best = scores.best().orElseThrow();
        List<String> sentences = new ArrayList<>();
        sentences.add("Best combination: %s on %s, %s."
                .formatted(
                        best.title(),
                        best.backbone(),
                        scores.chosenOnValidation()
                                ? "chosen by its validation accuracy"
                                : "the highest on the test split"));
        Score highest = scores.highest(Split.TEST).orElse(best);
        if (!highest.equals(best)) {
            sentences.add("The highest test accuracy is %s %% (%s); it was not used to choose."
                    .formatted(Format.percent(highest.accuracy()), highest.title()));
        }
        Double deduplicated = best.mean(Run::accuracyDeduplicated);
        if (deduplicated != null) {
            sentences.add("On the test images without an identical twin in training or validation it scores %s %%."
                    .formatted(Format.percent(deduplicated)));
        }
        Double p = best.runs().get(0).mcnemarP();
        if (p != null && !best.isBaseline()) {
            sentences.add("Against cross entropy + softmax on the same images: exact McNemar p %s%s."
                    .formatted(
                            (p < 1e-4 ? "" : "= ") + Format.pValue(p),
                            p < 0.05 ? "" : ", not a significant difference"));
        }
        return sentences;
    }

    /** A warning when the paper's figures were measured on other data. */
    Optional<String> dataRemark() {
        Results.Dataset data = results.dataset();
        if (PaperFigures.sameData(data)) {
            return Optional.empty();
        }
        boolean part = data.name().toLowerCase(java.util.Locale.ROOT).contains("fer2013");
        return Optional.of(
                (part
                                ? "These figures are of a part of FER2013"
                                : "These figures are of " + Format.text(data.name()) + ", not of FER2013")
                        + ", on which the paper’s figures were measured. The paper’s columns are shown for orientation only; the two do not compare.");
    }

    /** What was run, name by value. */
    Map<String, String> facts() {
        Results.Counts counts = results.dataset().counts();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "Data",
                "%s: %s training, %s validation, %s test images"
                        .formatted(
                                Format.text(results.dataset().name()),
                                Format.count(counts.train()),
                                Format.count(counts.validation()),
                                Format.count(counts.test())));
        facts.put("Preset", Format.text(results.preset()));
        facts.put("Device", Format.text(results.device()));
        facts.put("Kernels", Format.text(results.kernels()));
        facts.put("mien", Format.text(results.mien()));
        facts.put("Started", Format.text(results.started()));
        facts.put("Took", Format.seconds(results.seconds()));
        facts.put("Command", Format.text(results.command()));
        return facts;
    }
}
