package dev.mien.training;

import dev.mien.kernels.MiningStatistics;

/** Sums the statistics of an epoch's batches. */
final class MiningTally {

    private long batches;
    private long validAnchors;
    private long triplets;
    private double activeFraction;
    private double easy;
    private double semiHard;
    private double hard;
    private double distance;
    private long collapsed;

    void add(MiningStatistics statistics) {
        if (statistics == null) {
            return;
        }
        batches++;
        validAnchors += statistics.validAnchors();
        triplets += statistics.triplets();
        activeFraction += statistics.activeFraction();
        easy += statistics.easyPairs();
        semiHard += statistics.semiHardPairs();
        hard += statistics.hardPairs();
        distance += statistics.meanDistance();
        collapsed += statistics.collapsed() ? 1 : 0;
    }

    double validAnchors() {
        return (double) validAnchors / batches;
    }

    double triplets() {
        return (double) triplets / batches;
    }

    double activeFraction() {
        return activeFraction / batches;
    }

    double semiHardFraction() {
        return semiHard / (easy + semiHard + hard);
    }

    double hardFraction() {
        return hard / (easy + semiHard + hard);
    }

    double meanDistance() {
        return distance / batches;
    }

    long collapsed() {
        return collapsed;
    }
}
