package dev.mien.data;

/**
 * Orders the rows of a training set into batches. A pure function of (seed, epoch), so that any epoch can be resumed.
 */
public interface BatchSampler {

    /** The batches of one epoch (0-based): row numbers into the training set, no row twice within a batch. */
    int[][] epoch(int epoch);
}
