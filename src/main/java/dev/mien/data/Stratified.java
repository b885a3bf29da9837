package dev.mien.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Shares and subsets that keep the proportions of the classes. */
final class Stratified {

    private Stratified() {}

    /**
     * Shares {@code total} out by weight with the method of largest remainders; ties go to the lowest class.
     *
     * @return (classes) counts that sum to total; a class of positive weight gets at least one when total allows it
     */
    static int[] shares(int[] weights, int total) {
        double sum = Arrays.stream(weights).asLongStream().sum();
        int[] shares = new int[weights.length];
        double[] lacking = new double[weights.length];
        int given = 0;
        for (int c = 0; c < weights.length; c++) {
            double exact = sum == 0 ? 0 : total * (weights[c] / sum);
            shares[c] = (int) exact;
            lacking[c] = weights[c] == 0 ? Double.NEGATIVE_INFINITY : exact - shares[c] + (shares[c] == 0 ? 1 : 0);
            given += shares[c];
        }
        for (; given < total && sum > 0; given++) {
            int best = 0;
            for (int c = 1; c < weights.length; c++) {
                best = lacking[c] > lacking[best] ? c : best;
            }
            shares[best]++;
            lacking[best]--;
        }
        return shares;
    }

    /** At most n rows of the labels, drawn per class in proportion, in ascending order. */
    static int[] rows(int[] labels, int n, long seed) {
        if (n >= labels.length) {
            return IntStream.range(0, labels.length).toArray();
        }
        int classes = Arrays.stream(labels).max().orElse(-1) + 1;
        int[] counts = new int[classes];
        Arrays.stream(labels).forEach(label -> counts[label]++);
        int[] shares = shares(counts, n);
        return IntStream.range(0, classes)
                .flatMap(c -> {
                    int[] rows = IntStream.range(0, labels.length)
                            .filter(i -> labels[i] == c)
                            .toArray();
                    Draws.shuffle(rows, Draws.random(seed, c));
                    return Arrays.stream(rows, 0, Math.min(rows.length, shares[c]));
                })
                .sorted()
                .toArray();
    }
}
