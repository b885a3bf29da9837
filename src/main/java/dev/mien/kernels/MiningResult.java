package dev.mien.kernels;

/**
 * The outcome of one mining call.
 *
 * @param triplets the selected rows, in lexicographic order
 * @param statistics what was seen on the way
 */
public record MiningResult(Triplets triplets, MiningStatistics statistics) {}
