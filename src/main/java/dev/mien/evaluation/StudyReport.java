package dev.mien.evaluation;

import dev.mien.evaluation.StudyScores.Spread;
import dev.mien.internal.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The report of a triplet study: {@code study.json}, {@code study.md} and three drawings. */
public final class StudyReport {

    private static final List<String> CLASSIFIERS =
            List.of(StudyResults.HEAD, "softmax", "ann", "svm", "random-forest", "xgboost");
    private static final String PROBE = "softmax"; // the linear classifier that every variant has

    private final StudyResults results;
    private final StudyScores scores;

    private StudyReport(StudyResults results) {
        this.results = results;
        this.scores = new StudyScores(results);
    }

    /** Writes the files into {@code folder}, creating it; each appears whole or not at all. */
    public static void write(StudyResults results, Path folder) throws IOException {
        Files.createDirectories(folder);
        StudyReport report = new StudyReport(results);
        StudyResults.write(results, folder.resolve("study.json"));
        write(folder.resolve("study.md"), report.text());
        write(
                folder.resolve("macro-f1.svg"),
                report.chart("Macro F1 of softmax on the embeddings, %", v -> report.scores.f1(v, PROBE)));
        write(folder.resolve("classifiers.svg"), report.chart("Macro F1, mean over five classifiers, %", report::mean));
        write(folder.resolve("retrieval.svg"), report.chart("MAP@R among the test embeddings, %", report::mapAtR));
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFiles.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Spread mapAtR(String variant) {
        return scores.over(variant, run -> run.retrieval().mapAtR());
    }

    /** Over the five classifiers that every variant has. */
    private Spread mean(String variant) {
        double[] sum = new double[scores.runs(variant).size()];
        for (String classifier : CLASSIFIERS.subList(1, CLASSIFIERS.size())) {
            double[] each = scores.f1(variant, classifier).each();
            Arrays.setAll(sum, i -> sum[i] + each[i] / (CLASSIFIERS.size() - 1));
        }
        return Spread.of(sum);
    }

    private String chart(String name, Function<String, Spread> figure) {
        SpreadChart chart = new SpreadChart(name);
        for (String variant : scores.variants()) {
            double[] percent = Arrays.stream(figure.apply(variant).each())
                    .map(x -> 100 * x)
                    .toArray();
            chart.row(scores.question(variant), variant, percent);
        }
        return chart.draw();
    }

    private String text() {
        return "# Triplet study: " + results.data() + "\n\nBudget of each variant: " + results.budget() + ". Seeds: "
                + seeds() + ". Figures are of the test split, mean ± standard deviation over seeds, in percent.\n\n"
                + verdict()
                + MarkdownReport.text(variants())
                + drawing("macro-f1")
                + MarkdownReport.text(classifiers("Macro F1 by classifier", scores::f1))
                + drawing("classifiers")
                + MarkdownReport.text(classifiers("Accuracy by classifier", scores::accuracy))
                + MarkdownReport.text(retrieval())
                + drawing("retrieval");
    }

    private static String drawing(String name) {
        return "![" + name + "](" + name + ".svg)\n\n";
    }

    private String seeds() {
        return scores.runs(scores.variants().get(0)).stream()
                .map(run -> Long.toString(run.seed()))
                .collect(Collectors.joining(", "));
    }

    private Table variants() {
        String control = scores.variants().get(0);
        Table table = new Table("Variants: softmax on the embeddings")
                .columns(Table.Kind.TEXT, "Question", "Variant")
                .columns(
                        Table.Kind.FIGURE,
                        "Accuracy",
                        "Without twins",
                        "Macro F1",
                        "Against " + control,
                        "95 % interval",
                        "p",
                        "Active triplets");
        for (String variant : scores.variants()) {
            PairedBootstrap.Difference d = scores.difference(control, PROBE, variant, PROBE);
            boolean same = variant.equals(control);
            table.row(
                    scores.question(variant),
                    variant,
                    spread(scores.accuracy(variant, PROBE)),
                    spread(scores.accuracyWithoutTwins(variant, PROBE)),
                    spread(scores.f1(variant, PROBE)),
                    same ? Format.UNKNOWN : Format.points(d.mean()),
                    same ? Format.UNKNOWN : Format.points(d.low()) + " – " + Format.points(d.high()),
                    same ? Format.UNKNOWN : Format.pValue(d.p()),
                    share(variant, run -> run.activeFraction() == null ? Double.NaN : run.activeFraction()));
        }
        return table.footnote("Without twins: accuracy on the test images that have no pixel-identical twin in train or"
                        + " validation.")
                .footnote("Differences are of macro F1 in points; intervals and p by a paired bootstrap over the"
                        + " test images, the same for all seeds.");
    }

    private Table classifiers(String title, BiFunction<String, String, Spread> figure) {
        Table table = new Table(title).column("Variant", Table.Kind.TEXT);
        CLASSIFIERS.forEach(classifier -> table.column(Format.name(classifier), Table.Kind.FIGURE));
        for (String variant : scores.variants()) {
            List<String> cells = new ArrayList<>(List.of(variant));
            for (String classifier : CLASSIFIERS) {
                cells.add(scores.has(variant, classifier) ? spread(figure.apply(variant, classifier)) : Format.UNKNOWN);
            }
            table.row(false, cells);
        }
        return table.footnote("head: the network's own last layer, where the loss trains one.");
    }

    private Table retrieval() {
        Table table = new Table("Retrieval among the test embeddings, by cosine distance")
                .column("Variant", Table.Kind.TEXT)
                .columns(Table.Kind.FIGURE, "Precision@1", "MAP@R", "Separation");
        for (String variant : scores.variants()) {
            table.row(
                    variant,
                    spread(scores.over(variant, run -> run.retrieval().precisionAt1())),
                    spread(mapAtR(variant)),
                    spread(scores.over(variant, run -> run.retrieval().separation())));
        }
        return table.footnote(
                "Separation: the chance that a pair of different classes lies farther apart than a pair of"
                        + " the same class.");
    }

    private String share(String variant, ToDoubleFunction<StudyResults.Run> figure) {
        double mean = scores.over(variant, figure).mean();
        return Double.isNaN(mean) ? Format.UNKNOWN : Format.percent(mean);
    }

    private static String spread(Spread spread) {
        String mean = Format.percent(spread.mean());
        return spread.each().length < 2 ? mean : mean + " ± " + Format.percent(spread.deviation());
    }

    /** A variant with the classifier that suits it best on the validation split. */
    private record Choice(String variant, String classifier, double validation) {}

    private Choice best(boolean ofCrossEntropy) {
        List<Choice> all = new ArrayList<>();
        for (String variant : scores.variants()) {
            if (scores.question(variant).equals(StudyResults.CROSS_ENTROPY) == ofCrossEntropy) {
                for (String classifier : CLASSIFIERS) {
                    if (scores.has(variant, classifier)) {
                        double mean = scores.validationF1(variant, classifier).mean();
                        all.add(new Choice(variant, classifier, mean));
                    }
                }
            }
        }
        return all.stream().max(Comparator.comparingDouble(Choice::validation)).orElse(null);
    }

    /** Both sides chosen on validation; the test split is looked at once. */
    private String verdict() {
        Choice control = best(true);
        Choice metric = best(false);
        if (control == null || metric == null) {
            return "### Verdict\n\nNone: it takes variants of cross entropy and variants with triplet loss.\n\n";
        }
        PairedBootstrap.Difference d =
                scores.difference(control.variant(), control.classifier(), metric.variant(), metric.classifier());
        String p = Arrays.stream(
                        scores.mcnemar(control.variant(), control.classifier(), metric.variant(), metric.classifier()))
                .mapToObj(Format::pValue)
                .collect(Collectors.joining(", "));
        return "### Verdict\n\n- Best of cross entropy, by macro F1 on validation: " + named(control)
                + "\n- Best with triplet loss, by the same: " + named(metric)
                + "\n- Difference of macro F1 on the test split: **" + Format.points(d.mean())
                + "** points, 95 % interval "
                + Format.points(d.low()) + " to " + Format.points(d.high()) + ", p " + Format.pValue(d.p())
                + "\n- Exact McNemar p of each seed, by accuracy: " + p + "\n\n";
    }

    private String named(Choice choice) {
        return String.format(
                Locale.ROOT,
                "%s + %s: validation %s, test %s",
                choice.variant(),
                choice.classifier(),
                spread(scores.validationF1(choice.variant(), choice.classifier())),
                spread(scores.f1(choice.variant(), choice.classifier())));
    }
}
