package dev.mien.bench;

import org.bytedeco.pytorch.Tensor;

/**
 * The batch-all triplet loss of a batch.
 *
 * @param sum of max(0, dp - dn + margin) over all triplets
 * @param active triplets with dn < dp + margin
 * @param gradient (n, d) float32, of the sum
 */
public record LossAndGradient(double sum, long active, Tensor gradient) {}
