package dev.mien.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How much two ways to classify the same images differ in macro F1, and how far that can be trusted: images are drawn
 * anew with replacement, the same for both (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13).
 * Where each way was repeated from several seeds, the difference is the mean over seeds.
 */
final class PairedBootstrap {

    private static final int RESAMPLES = 2000;

    private final int[] actual;
    private final int classes;

    PairedBootstrap(int[] actual, int classes) {
        this.actual = actual;
        this.classes = classes;
    }

    /**
     * A difference of macro F1, second minus first, in -1..1.
     *
     * @param low of the 95 % percentile interval
     * @param high of the same
     * @param p two-sided: twice the share of resamples on the other side of 0, from 1 / resamples to 1
     */
    record Difference(double mean, double low, double high, double p) {}

    /** @param first and {@code second}: predictions (n) of each seed, as many of the one as of the other */
    Difference macroF1(List<int[]> first, List<int[]> second, long seed) {
        int[] once = new int[actual.length];
        Arrays.fill(once, 1);
        double mean = mean(second, once) - mean(first, once);
        double[] drawn = new double[RESAMPLES];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < RESAMPLES; i++) {
            int[] times = new int[actual.length];
            for (int draw = 0; draw < actual.length; draw++) {
                times[random.nextInt(actual.length)]++;
            }
            drawn[i] = mean(second, times) - mean(first, times);
        }
        Arrays.sort(drawn);
        long below = Arrays.stream(drawn).filter(d -> d <= 0).count();
        long above = Arrays.stream(drawn).filter(d -> d >= 0).count();
        double p = Math.min(1, Math.max(1.0 / RESAMPLES, 2.0 * Math.min(below, above) / RESAMPLES));
        return new Difference(mean, drawn[RESAMPLES / 40], drawn[RESAMPLES - 1 - RESAMPLES / 40], p);
    }

    private double mean(List<int[]> predictions, int[] times) {
        return predictions.stream()
                .mapToDouble(predicted -> macroF1(predicted, times))
                .average()
                .orElse(Double.NaN);
    }

    /** Macro F1 where image i counts {@code times[i]} times; over the classes that occur, as in {@link ClassificationReport}. */
    private double macroF1(int[] predicted, int[] times) {
        long[] hits = new long[classes];
        long[] occurrences = new long[classes]; // actual plus predicted
        for (int i = 0; i < actual.length; i++) {
            occurrences[actual[i]] += times[i];
            occurrences[predicted[i]] += times[i];
            hits[actual[i]] += actual[i] == predicted[i] ? times[i] : 0;
        }
        double sum = 0;
        int occurring = 0;
        for (int c = 0; c < classes; c++) {
            if (occurrences[c] > 0) {
                sum += 2.0 * hits[c] / occurrences[c];
                occurring++;
            }
        }
        return sum / occurring;
    }
}
