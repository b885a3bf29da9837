package dev.mien.bench;

import java.util.Arrays;
import java.util.Collection;

/**
 * Wall times of one contender, in milliseconds.
 *
 * @param min the fastest run
 * @param median half of the runs were faster
 * @param runs how many were timed
 */
public record Timing(double min, double median, int runs) {

    static Timing of(Collection<Double> millis) {
        double[] sorted =
                millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Timing(sorted[0], median(sorted), sorted.length);
    }

    /** Of values in any order. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
