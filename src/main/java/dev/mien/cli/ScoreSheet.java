package dev.mien.cli;

import dev.mien.data.Expression;
import dev.mien.evaluation.ClassificationReport;
import dev.mien.evaluation.ConfusionMatrix;
import dev.mien.evaluation.Results.ClassScore;
import dev.mien.evaluation.Significance;
import java.util.Locale;

/** Scores as text for people. */
final class ScoreSheet {

    private ScoreSheet() {}

    /** The 95 % interval of the accuracy. */
    static Significance.Interval interval(ClassificationReport report) {
        return Significance.wilson((int) report.confusion().correct(), report.n());
    }

    /** Accuracy in one line, then tables of the scores per class and of the confusion matrix. */
    static String text(String name, ClassificationReport report) {
        Significance.Interval interval = interval(report);
        return String.format(
                        Locale.ROOT,
                        "%s: accuracy %.2f %% (95 %% interval %.2f to %.2f) on %d rows%n%n",
                        name,
                        100 * report.accuracy(),
                        100 * interval.low(),
                        100 * interval.high(),
                        report.n())
                + classes(report) + "\n" + confusion(report.confusion());
    }

    private static TextTable classes(ClassificationReport report) {
        TextTable table = new TextTable(1, "class", "precision", "recall", "F1", "support");
        for (ClassScore score : report.perClass()) {
            table.row(
                    score.label(), share(score.precision()), share(score.recall()), share(score.f1()), score.support());
        }
        average(table, "macro average", report.macro(), report.n());
        average(table, "weighted average", report.weighted(), report.n());
        return table;
    }

    private static void average(TextTable table, String name, ClassificationReport.Average average, int n) {
        table.row(name, share(average.precision()), share(average.recall()), share(average.f1()), n);
    }

    private static TextTable confusion(ConfusionMatrix matrix) {
        String[] header = new String[Expression.COUNT + 1];
        header[0] = "actual \\ predicted";
        for (Expression expression : Expression.values()) {
            header[1 + expression.ordinal()] = expression.word();
        }
        TextTable table = new TextTable(1, header);
        for (Expression expression : Expression.values()) {
            Object[] row = new Object[Expression.COUNT + 1];
            row[0] = expression.word();
            for (int i = 0; i < Expression.COUNT; i++) {
                row[i + 1] = matrix.count(expression.ordinal(), i);
            }
            table.row(row);
        }
        return table;
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
