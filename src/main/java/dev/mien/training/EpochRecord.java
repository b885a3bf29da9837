package dev.mien.training;

/**
 * One line of the training log. A figure that does not exist for the loss in use is NaN.
 *
 * @param epoch 1-based
 * @param learningRate in the middle of the epoch
 * @param trainLoss mean over the epoch's batches
 * @param trainAccuracy share of the epoch's (augmented) images that the head got right; NaN without a head
 * @param validationLoss mean over the validation split, weights in evaluation mode
 * @param validationAccuracy of the head; for triplet models of the nearest class centroid of training embeddings
 * @param imagesPerSecond trained, without validation
 * @param seconds wall time, with validation
 * @param validAnchors mean per batch of anchors with a positive and a negative
 * @param triplets mean per batch of mined triplets
 * @param activeFraction mean share of the mined triplets inside the margin
 * @param semiHardFraction share of all valid triplets with dp < dn < dp + margin
 * @param hardFraction share of all valid triplets with dn <= dp
 * @param meanDistance mean pair distance within batches
 * @param collapsedBatches batches whose embeddings had fallen together
 */
public record EpochRecord(
        int epoch,
        double learningRate,
        double trainLoss,
        double trainAccuracy,
        double validationLoss,
        double validationAccuracy,
        double imagesPerSecond,
        double seconds,
        double validAnchors,
        double triplets,
        double activeFraction,
        double semiHardFraction,
        double hardFraction,
        double meanDistance,
        long collapsedBatches) {}
