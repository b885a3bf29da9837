package dev.mien.training;

import java.util.List;

/**
 * How a training went. The backbone that was trained holds the best weights.
 *
 * @param epochs one record per epoch, in order
 * @param bestEpoch 1-based number of the epoch whose weights were kept
 * @param seconds wall time over all epochs, resumed ones included
 */
public record TrainingResult(List<EpochRecord> epochs, int bestEpoch, double seconds) {}
