package dev.mien.evaluation;

import dev.mien.data.Split;
import dev.mien.evaluation.Results.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The runs of an experiment, seeds gathered, in the order the report shows them. */
final class Scores {

    private static final List<String> LOSSES = List.of("cross-entropy", "triplet", "joint");
    private static final List<String> CLASSIFIERS = List.of("softmax", "ann", "svm", "random-forest", "xgboost");

    private final List<Score> scores;

    Scores(Results results) {
        Map<List<String>, List<Run>> groups = new LinkedHashMap<>();
        for (Run run : results.runs()) {
            List<String> key = Stream.of(run.backbone(), run.loss(), run.classifier(), run.split())
                    .map(word -> Objects.requireNonNullElse(word, "?"))
                    .toList();
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(run);
        }
        scores = groups.entrySet().stream()
                .map(e -> new Score(
                        e.getKey().get(0),
                        e.getKey().get(1),
                        e.getKey().get(2),
                        e.getKey().get(3),
                        e.getValue()))
                .sorted(Comparator.comparing(Score::backbone)
                        .thenComparing(score -> rank(LOSSES, score.loss()))
                        .thenComparing(Score::loss)
                        .thenComparing(score -> rank(CLASSIFIERS, score.classifier()))
                        .thenComparing(Score::classifier))
                .toList();
    }

    List<Score> on(Split split) {
        return scores.stream()
                .filter(score -> score.split().equals(split.word()))
                .toList();
    }

    List<Score> on(Split split, String loss) {
        return on(split).stream().filter(score -> score.loss().equals(loss)).toList();
    }

    /** The losses that were run beyond the paper's two. */
    List<String> otherLosses() {
        return scores.stream()
                .map(Score::loss)
                .distinct()
                .filter(loss -> !loss.equals("cross-entropy") && !loss.equals("triplet"))
                .toList();
    }

    /** Whether models of more than one architecture were run. */
    boolean severalBackbones() {
        return scores.stream().map(Score::backbone).distinct().count() > 1;
    }

    /**
     * The test score of the combination with the highest validation accuracy, so that nothing is chosen on the test
     * split; without validation scores the highest on test.
     */
    Optional<Score> best() {
        return highest(Split.VALIDATION).flatMap(this::onTest).or(() -> highest(Split.TEST));
    }

    /** Whether {@link #best} was chosen on validation scores. */
    boolean chosenOnValidation() {
        return highest(Split.VALIDATION).flatMap(this::onTest).isPresent();
    }

    Optional<Score> highest(Split split) {
        return on(split).stream().filter(s -> s.accuracy() != null).max(Comparator.comparing(Score::accuracy));
    }

    private Optional<Score> onTest(Score chosen) {
        return on(Split.TEST).stream()
                .filter(score -> score.accuracy() != null)
                .filter(score -> score.backbone().equals(chosen.backbone())
                        && score.loss().equals(chosen.loss())
                        && score.classifier().equals(chosen.classifier()))
                .findFirst();
    }

    static List<String> classifiers() {
        return CLASSIFIERS;
    }

    private static int rank(List<String> order, String word) {
        int rank = order.indexOf(word);
        return rank < 0 ? order.size() : rank;
    }
}
