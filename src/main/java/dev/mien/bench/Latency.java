package dev.mien.bench;

import java.util.List;

/**
 * Wall times of one call, in milliseconds.
 *
 * @param min the fastest call
 * @param p50 half of the calls were as fast; so p90 and p99
 * @param runs how many were timed
 */
public record Latency(double min, double p50, double p90, double p99, int runs) {

    static Latency of(List<Double> millis) {
        double[] sorted =
                millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Latency(
                sorted[0], percentile(sorted, 0.5), percentile(sorted, 0.9), percentile(sorted, 0.99), sorted.length);
    }

    /** The least value that so large a share does not exceed. */
    private static double percentile(double[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
