package dev.mien.evaluation;

import dev.mien.data.Split;
import dev.mien.evaluation.Results.Run;
import dev.mien.evaluation.Table.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The paper's tables 7 to 10, classifier by classifier, and the scores that go beyond them. */
final class ScoreTables {

    private static final String FITTED = "†";
    private final Results results;
    private final Scores scores;
    private final Score best;

    ScoreTables(Results results) {
        this.results = results;
        this.scores = new Scores(results);
        this.best = scores.best().orElse(null);
    }

    /** Tables 7 to 10, then validation and test of each loss that the paper does not have. */
    List<Table> all() {
        List<Table> tables = new ArrayList<>();
        tables.add(table("Table 7. Validation, cross-entropy features", Split.VALIDATION, "cross-entropy"));
        tables.add(table("Table 8. Validation, triplet features", Split.VALIDATION, "triplet"));
        tables.add(table("Table 9. Test, cross-entropy features", Split.TEST, "cross-entropy"));
        tables.add(table("Table 10. Test, triplet features", Split.TEST, "triplet"));
        for (String loss : scores.otherLosses()) {
            String name = Format.name(loss).toLowerCase(Locale.ROOT);
            tables.add(table("Validation, " + name + " features (not in the paper)", Split.VALIDATION, loss));
            tables.add(table("Test, " + name + " features (not in the paper)", Split.TEST, loss));
        }
        return tables;
    }

    private Table table(String title, Split split, String loss) {
        Table table = new Table(title)
                .column("Classifier", Kind.TEXT)
                .column("Accuracy, %", Kind.FIGURE)
                .column("Paper", Kind.PAPER)
                .columns(Kind.FIGURE, "Difference", "95 % interval", "Precision")
                .column("Paper", Kind.PAPER)
                .column("Recall", Kind.FIGURE)
                .column("Paper", Kind.PAPER)
                .column("F1", Kind.FIGURE)
                .column("Paper", Kind.PAPER);
        List<Score> ours = scores.on(split, loss);
        for (Score score : ours) {
            table.row(score.equals(best), cells(score));
        }
        for (String classifier : Scores.classifiers()) {
            if (ours.stream().noneMatch(score -> score.classifier().equals(classifier))) {
                PaperFigures.accuracy(split.word(), loss, classifier)
                        .ifPresent(paper -> table.row(false, absent(split, classifier, paper)));
            }
        }
        if (split == Split.VALIDATION && loss.equals("cross-entropy")) {
            table.footnote(
                    FITTED + ": computed by the paper on data that the classifier was fitted on, so not comparable.");
        }
        return table.explained();
    }

    private List<String> cells(Score score) {
        Double paper = score.paper();
        String mark = isFitted(score.split(), score.classifier()) && paper != null ? FITTED : "";
        return List.of(
                name(score),
                score.printedAccuracy(),
                paper == null ? Format.UNKNOWN : Format.percent(paper) + mark,
                difference(score, paper),
                score.interval(),
                Format.percent(score.mean(Run::precision)),
                Format.UNKNOWN,
                Format.percent(score.mean(Run::recall)),
                Format.UNKNOWN,
                Format.percent(score.mean(Run::f1)),
                Format.UNKNOWN);
    }

    /** A row for what only the paper ran. */
    private static List<String> absent(Split split, String classifier, double paper) {
        String figure = Format.percent(paper) + (isFitted(split.word(), classifier) ? FITTED : "");
        String na = Format.MISSING;
        String unknown = Format.UNKNOWN;
        return List.of(Format.name(classifier), na, figure, na, na, na, unknown, na, unknown, na, unknown);
    }

    private String difference(Score score, Double paper) {
        if (paper == null || score.accuracy() == null) {
            return paper == null ? Format.UNKNOWN : Format.MISSING;
        }
        boolean comparable = PaperFigures.sameData(results.dataset()) && !isFitted(score.split(), score.classifier());
        return comparable ? Format.points(score.accuracy() - paper) : Format.NOT_COMPARABLE;
    }

    private static boolean isFitted(String split, String classifier) {
        return split.equals(Split.VALIDATION.word()) && classifier.equals("xgboost");
    }

    private String name(Score score) {
        return Format.name(score.classifier()) + (scores.severalBackbones() ? " (" + score.backbone() + ")" : "");
    }

    /** What the paper does not report: significance, the score without twins, weighted averages. */
    Table beyond() {
        Table table = new Table("Beyond the paper: test scores in depth")
                .columns(Kind.TEXT, "Features", "Classifier")
                .columns(Kind.FIGURE, "Accuracy, %", "Without twins", "McNemar p")
                .columns(Kind.FIGURE, "Precision, weighted", "Recall, weighted", "F1, weighted", "Time");
        for (Score score : scores.on(Split.TEST)) {
            table.row(
                    score.equals(best),
                    List.of(
                            Format.name(score.loss()),
                            name(score),
                            score.printedAccuracy(),
                            Format.percent(score.mean(Run::accuracyDeduplicated)),
                            mcnemar(score),
                            Format.percent(score.mean(Run::precisionWeighted)),
                            Format.percent(score.mean(Run::recallWeighted)),
                            Format.percent(score.mean(Run::f1Weighted)),
                            Format.seconds(score.mean(Run::seconds))));
        }
        twins().ifPresent(n -> table.footnote(
                "Without twins: over the %s test images that have no pixel-identical twin in training or validation."
                        .formatted(Format.count(n))));
        return table.footnote("McNemar p: exact two-sided test against cross entropy + softmax on the same test images"
                        + (severalSeeds() ? ", of the first seed." : "."))
                .explained();
    }

    private static String mcnemar(Score score) {
        return score.isBaseline()
                ? "baseline"
                : Format.pValue(score.runs().get(0).mcnemarP());
    }

    private Optional<Integer> twins() {
        return first(Run::nDeduplicated);
    }

    private <T> Optional<T> first(Function<Run, T> figure) {
        return results.runs().stream()
                .filter(run -> run.on(Split.TEST))
                .map(figure)
                .filter(v -> v != null)
                .findFirst();
    }

    private boolean severalSeeds() {
        return scores.on(Split.TEST).stream().anyMatch(score -> score.runs().size() > 1);
    }
}
