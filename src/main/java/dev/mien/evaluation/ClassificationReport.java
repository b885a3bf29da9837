package dev.mien.evaluation;

import dev.mien.data.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Accuracy, and precision, recall and F1 per class and averaged, as scikit-learn's {@code classification_report} with
 * {@code zero_division=0} computes them. Precision divides by the predicted count (the paper's equation 3 divides by
 * something else, a misprint). A class that occurs neither among the actual nor among the predicted labels is left out
 * of the macro average; one that is only predicted counts with zeros.
 *
 * @param n images scored
 * @param accuracy share predicted correctly in 0..1; NaN when n is 0
 * @param perClass scores in label order
 * @param macro plain means over the classes that occur; NaN when n is 0
 * @param weighted means over the classes weighted by support; NaN when n is 0
 * @param confusion the counts behind it all
 */
public record ClassificationReport(
        int n,
        double accuracy,
        List<Results.ClassScore> perClass,
        Average macro,
        Average weighted,
        ConfusionMatrix confusion) {

    /** Precision, recall and F1 averaged over classes, each in 0..1. */
    public record Average(double precision, double recall, double f1) {}

    public ClassificationReport {
        perClass = List.copyOf(perClass);
    }

    /** Scores predictions over the seven expressions; errors as {@link ConfusionMatrix#of}. */
    public static ClassificationReport of(int[] actual, int[] predicted) {
        return of(ConfusionMatrix.of(actual, predicted, Expression.COUNT));
    }

    /** Scores a confusion matrix over the seven expressions; {@link IllegalArgumentException} for another size. */
    public static ClassificationReport of(ConfusionMatrix confusion) {
        if (confusion.classes() != Expression.COUNT) {
            throw new IllegalArgumentException(
                    "a confusion matrix of %d classes; expected %d".formatted(confusion.classes(), Expression.COUNT));
        }
        List<Results.ClassScore> scores = new ArrayList<>();
        List<Results.ClassScore> occurring = new ArrayList<>();
        for (Expression expression : Expression.values()) {
            Results.ClassScore score = score(confusion, expression);
            scores.add(score);
            if (score.support() > 0 || confusion.predicted(expression.ordinal()) > 0) {
                occurring.add(score);
            }
        }
        long total = confusion.total();
        return new ClassificationReport(
                Math.toIntExact(total),
                (double) confusion.correct() / total,
                scores,
                average(occurring, score -> 1),
                average(occurring, Results.ClassScore::support),
                confusion);
    }

    /** Accuracy over chosen rows only, such as those without an identical twin; NaN when there are none. */
    public static double accuracy(int[] actual, int[] predicted, int[] rows) {
        int correct = 0;
        for (int row : rows) {
            correct += actual[row] == predicted[row] ? 1 : 0;
        }
        return (double) correct / rows.length;
    }

    private static Results.ClassScore score(ConfusionMatrix confusion, Expression expression) {
        int c = expression.ordinal();
        double precision = ratio(confusion.count(c, c), confusion.predicted(c));
        double recall = ratio(confusion.count(c, c), confusion.actual(c));
        double f1 = ratio(2 * confusion.count(c, c), confusion.predicted(c) + confusion.actual(c));
        return new Results.ClassScore(expression.word(), confusion.actual(c), precision, recall, f1);
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private static Average average(List<Results.ClassScore> scores, ToDoubleFunction<Results.ClassScore> weight) {
        double sum = 0;
        double precision = 0;
        double recall = 0;
        double f1 = 0;
        for (Results.ClassScore score : scores) {
            double w = weight.applyAsDouble(score);
            sum += w;
            precision += w * score.precision();
            recall += w * score.recall();
            f1 += w * score.f1();
        }
        return new Average(precision / sum, recall / sum, f1 / sum);
    }
}
