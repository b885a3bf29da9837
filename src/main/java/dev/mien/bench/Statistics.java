package dev.mien.bench;

/**
 * What mining statistics come down to.
 *
 * @param easy triplets with dn >= dp + margin
 * @param semiHard triplets with dp < dn < dp + margin
 * @param hard triplets with dn <= dp
 * @param meanDistance of all pairs of different rows
 * @param same 5th, 25th, 50th, 75th and 95th percentile of the pairs of one class
 * @param different the same of different classes
 */
public record Statistics(long easy, long semiHard, long hard, double meanDistance, double[] same, double[] different) {}
