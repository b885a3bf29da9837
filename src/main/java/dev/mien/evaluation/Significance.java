package dev.mien.evaluation;

import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;

/** How far a test accuracy, or a difference between two classifiers on the same images, can be trusted. */
public final class Significance {

    private Significance() {}

    /** Bounds of an interval in 0..1. */
    public record Interval(double low, double high) {}

    /**
     * The 95 % Wilson score interval of a share (Wilson 1927, without continuity correction).
     *
     * @param correct successes in 0..n
     * @param n trials; 0 gives (NaN, NaN)
     */
    public static Interval wilson(int correct, int n) {
        if (correct < 0 || correct > n) {
            throw new IllegalArgumentException("%d correct of %d is not possible".formatted(correct, n));
        }
        if (n == 0) {
            return new Interval(Double.NaN, Double.NaN);
        }
        ConfidenceInterval interval = new WilsonScoreInterval().createInterval(n, correct, 0.95);
        // At a share of 0 or 1 the exact bound is that share; rounding would leave it 1e-17 outside.
        double low = correct == 0 ? 0 : Math.max(0, interval.getLowerBound());
        double high = correct == n ? 1 : Math.min(1, interval.getUpperBound());
        return new Interval(low, high);
    }

    /**
     * Exact two-sided McNemar test of two classifiers on the same images.
     *
     * @param actual (n) true labels
     * @param first (n) predictions of one classifier
     * @param second (n) predictions of the other
     * @return the p value in 0..1; 1 when they are right on the same images
     * @throws IllegalArgumentException when the lengths differ
     */
    public static double mcnemar(int[] actual, int[] first, int[] second) {
        if (actual.length != first.length || actual.length != second.length) {
            throw new IllegalArgumentException("%d labels, %d and %d predictions do not match"
                    .formatted(actual.length, first.length, second.length));
        }
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int i = 0; i < actual.length; i++) {
            boolean firstRight = first[i] == actual[i];
            boolean secondRight = second[i] == actual[i];
            onlyFirst += firstRight && !secondRight ? 1 : 0;
            onlySecond += secondRight && !firstRight ? 1 : 0;
        }
        return mcnemar(onlyFirst, onlySecond);
    }

    /**
     * Exact two-sided McNemar test from the discordant counts: twice the smaller tail of Binomial(b + c, 1/2), at most 1.
     *
     * @param b images that only the first classifier has right
     * @param c images that only the second has right
     */
    public static double mcnemar(int b, int c) {
        if (b < 0 || c < 0) {
            throw new IllegalArgumentException("discordant counts %d and %d must not be negative".formatted(b, c));
        }
        int n = Math.addExact(b, c);
        int k = Math.min(b, c);
        if (n == 0 || b == c) {
            return 1;
        }
        // P(k) once in the log domain, then the smaller terms of the tail by their ratio: no underflow on the way.
        double relative = 1;
        double tail = 1;
        for (int i = k; i > 0 && relative > 0x1p-60 * tail; i--) {
            relative *= i / (n - i + 1.0);
            tail += relative;
        }
        double logTail = new BinomialDistribution(null, n, 0.5).logProbability(k) + Math.log(tail);
        return Math.min(1, 2 * Math.exp(logTail));
    }
}
