package dev.mien.evaluation;

import dev.mien.data.Expression;
import dev.mien.data.Split;
import dev.mien.evaluation.Results.Setting;
import dev.mien.evaluation.Results.Topic;
import dev.mien.evaluation.Table.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The paper's tables 3 to 6, about data and settings, and what else the report lists besides scores. */
final class ReportTables {

    private final Results results;

    ReportTables(Results results) {
        this.results = results;
    }

    Table splits() {
        Table table = new Table("Table 3. Images per split")
                .column("Split", Kind.TEXT)
                .column("Ours", Kind.FIGURE)
                .column("Paper", Kind.PAPER)
                .column("Difference", Kind.FIGURE);
        Results.Counts ours = results.dataset().counts();
        Results.Counts paper = PaperFigures.SPLITS;
        splitRow(table, "Training", ours.train(), paper.train());
        splitRow(table, "Validation (FER2013: PublicTest)", ours.validation(), paper.validation());
        splitRow(table, "Test (FER2013: PrivateTest)", ours.test(), paper.test());
        return table;
    }

    private static void splitRow(Table table, String name, int ours, int paper) {
        table.row(name, Format.count(ours), Format.count(paper), signed(ours - paper));
    }

    Table classes() {
        Table table = new Table("Table 4. Images per class")
                .column("Class", Kind.TEXT)
                .columns(Kind.FIGURE, "Training", "Validation", "Test", "Total", "Share, %")
                .column("FER2013", Kind.PAPER)
                .column("Difference", Kind.FIGURE)
                .footnote("FER2013: the dataset's own totals over its three splits, which the paper uses.");
        Results.ClassCounts counts = results.dataset().classCounts();
        long all = sum(counts.train()) + sum(counts.validation()) + sum(counts.test());
        for (Expression expression : Expression.values()) {
            int c = expression.ordinal();
            Integer train = at(counts.train(), c);
            Integer validation = at(counts.validation(), c);
            Integer test = at(counts.test(), c);
            Integer total = train == null || validation == null || test == null ? null : train + validation + test;
            int known = PaperFigures.FER2013_CLASSES.get(c);
            table.row(
                    expression.word(),
                    Format.count(train),
                    Format.count(validation),
                    Format.count(test),
                    Format.count(total),
                    Format.percent(total == null || all == 0 ? null : (double) total / all),
                    Format.count(known),
                    total == null ? Format.MISSING : signed(total - known));
        }
        return table.explained();
    }

    Table training() {
        return settings("Table 5. Network and training settings", Topic.TRAINING, PaperFigures.trainingSettings());
    }

    Table classifiers() {
        return settings("Table 6. Classifier settings", Topic.CLASSIFIER, PaperFigures.classifierSettings());
    }

    /** The settings of one topic beside the paper's; what only the paper names comes last. */
    private Table settings(String title, Topic topic, Set<String> paper) {
        Table table = new Table(title).columns(Kind.TEXT, "Setting", "Ours").column("Paper", Kind.PAPER_TEXT);
        Set<String> missing = new LinkedHashSet<>(paper);
        for (Setting setting : of(topic)) {
            String name = Format.text(setting.name());
            missing.remove(name.toLowerCase(Locale.ROOT));
            table.row(
                    name,
                    Format.text(setting.value()),
                    PaperFigures.setting(name).orElse(Format.UNKNOWN));
        }
        missing.forEach(name ->
                table.row(name, Format.MISSING, PaperFigures.setting(name).orElseThrow()));
        return table.explained();
    }

    List<Setting> of(Topic topic) {
        return results.settings().stream()
                .filter(setting -> setting.topic() == topic)
                .toList();
    }

    /** One line per trained model: how long, how far, how fast. */
    Table models() {
        Table table = new Table("Trained models")
                .columns(Kind.TEXT, "Backbone", "Loss")
                .columns(
                        Kind.FIGURE,
                        "Seed",
                        "Parameters",
                        "Epochs",
                        "Best epoch",
                        "Best validation loss",
                        "Images/s",
                        "Time");
        for (Results.Curve curve : results.curves()) {
            List<Results.Epoch> epochs = curve.epochs();
            Double best = epochs.stream()
                    .filter(epoch -> curve.bestEpoch() != null && epoch.epoch() == curve.bestEpoch())
                    .map(Results.Epoch::validationLoss)
                    .filter(Format::defined)
                    .findFirst()
                    .orElse(null);
            table.row(
                    Format.text(curve.backbone()),
                    Format.name(curve.loss()),
                    curve.seed() == null ? Format.MISSING : curve.seed().toString(),
                    Format.count(curve.parameters()),
                    Format.count(epochs.size()),
                    Format.count(curve.bestEpoch()),
                    Format.significant(best),
                    Format.decimals(speed(epochs), 0),
                    Format.seconds(curve.seconds()));
        }
        return table.explained();
    }

    private static Double speed(List<Results.Epoch> epochs) {
        double mean = epochs.stream()
                .map(Results.Epoch::imagesPerSecond)
                .filter(Format::defined)
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(Double.NaN);
        return mean;
    }

    /** Precision, recall and F1 of every class for one combination. */
    Table perClass(Score score) {
        Table table = new Table("Per class: " + score.title() + ", " + score.split())
                .column("Class", Kind.TEXT)
                .columns(Kind.FIGURE, "Precision", "Recall", "F1", "Images");
        Results.Run run = score.runs().get(0);
        for (Results.ClassScore row : run.perClass()) {
            table.row(
                    Format.text(row.label()),
                    Format.percent(row.precision()),
                    Format.percent(row.recall()),
                    Format.percent(row.f1()),
                    Format.count(row.support()));
        }
        if (score.runs().size() > 1) {
            table.footnote("Of the first of %d seeds.".formatted(score.runs().size()));
        }
        return table.explained();
    }

    /** Where the time went. */
    Table time() {
        Table table = new Table("Time per stage").column("Stage", Kind.TEXT).column("Time", Kind.FIGURE);
        double known = 0;
        for (Results.Curve curve : results.curves()) {
            table.row("Training " + model(curve), Format.seconds(curve.seconds()));
            known += orZero(curve.seconds());
        }
        for (Score score : new Scores(results).on(Split.TEST)) {
            Double seconds = score.mean(Results.Run::seconds);
            table.row("Classifying " + score.title(), Format.seconds(seconds));
            known += orZero(seconds) * score.runs().size();
        }
        if (results.seconds() != null) {
            table.row("Everything else", Format.seconds(Math.max(0, results.seconds() - known)));
            table.row(true, List.of("In all", Format.seconds(results.seconds())));
        }
        return table.explained();
    }

    static String model(Results.Curve curve) {
        List<String> parts = new ArrayList<>(List.of(Format.text(curve.backbone()), Format.name(curve.loss())));
        if (curve.seed() != null) {
            parts.add("seed " + curve.seed());
        }
        return String.join(", ", parts);
    }

    private static double orZero(Double value) {
        return value == null ? 0 : value;
    }

    private static Integer at(List<Integer> counts, int index) {
        return index < counts.size() ? counts.get(index) : null;
    }

    private static long sum(List<Integer> counts) {
        return counts.stream().mapToLong(Integer::longValue).sum();
    }

    private static String signed(int difference) {
        return difference == 0 ? "0" : (difference < 0 ? "−" : "+") + Format.count(Math.abs(difference));
    }
}
