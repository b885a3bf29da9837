package dev.mien.bench;

import dev.mien.internal.Words;
import dev.mien.kernels.NativeKernels;

/** What is measured. */
public enum Operation {
    /** All distances between two matrices of n rows, written to memory. */
    DISTANCES,
    /** The farthest positive and the nearest negative of each anchor. */
    BATCH_HARD,
    /** The same against a copy of the rows, so that every pair is computed and symmetry saves nothing; mien alone. */
    BATCH_HARD_FULL,
    /** FaceNet's semi-hard negative of each pair of anchor and positive. */
    SEMI_HARD,
    /** The batch-all triplet loss and its gradient. */
    BATCH_ALL,
    /** The nearest positive and the nearest negative of each anchor. */
    EASY_POSITIVE,
    /** A drawn positive and a drawn negative of each anchor. */
    RANDOM,
    /** A negative of each pair, drawn against the density of distances. */
    DISTANCE_WEIGHTED,
    /** Counts of easy, semi-hard and hard triplets, mean and percentiles of distances. */
    STATISTICS;

    /** Such as {@code batch-hard}. */
    public String word() {
        return Words.of(this);
    }

    /** mien's way and LibTorch's ways. */
    public Contest<?> contest(Workload workload) {
        return contest(workload, new NativeKernels());
    }

    /** The same with mien's way on the given kernels. */
    public Contest<?> contest(Workload workload, NativeKernels kernels) {
        return switch (this) {
            case DISTANCES -> Contests.distances(workload, kernels);
            case BATCH_HARD -> Contests.batchHard(workload, kernels);
            case BATCH_HARD_FULL -> Contests.batchHardFull(workload, kernels);
            case SEMI_HARD -> Contests.semiHard(workload, kernels);
            case BATCH_ALL -> Contests.batchAll(workload, kernels);
            case EASY_POSITIVE -> Contests.easyPositive(workload, kernels);
            case RANDOM -> Contests.random(workload, kernels);
            case DISTANCE_WEIGHTED -> Contests.distanceWeighted(workload, kernels);
            case STATISTICS -> Contests.statistics(workload, kernels);
        };
    }
}
