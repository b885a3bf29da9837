package dev.mien.kernels;

import java.util.Arrays;

/**
 * One anchor row with its float64 distances to every reference: what a {@link SelectionRule} chooses from. The anchor
 * itself is neither positive nor negative, by row; wherever distances tie, the lowest row comes first.
 */
public final class Anchor {

    private final int[] classes;
    private final int columns;
    private final int[] positives;
    private final int[] negatives;
    private final double[] sorted;
    private final int[] ranked;
    private final int[] equalsSeen;
    private double[] distances;
    private int row;
    private int positiveCount;
    private int negativeCount;
    private boolean isRanked;

    /**
     * An anchor to move.
     *
     * @param classes (m) class number of each reference
     * @param columns width of a row
     */
    Anchor(int[] classes, int columns) {
        int n = classes.length;
        this.classes = classes;
        this.columns = columns;
        positives = new int[n];
        negatives = new int[n];
        sorted = new double[n];
        ranked = new int[n];
        equalsSeen = new int[n];
    }

    /** Moves to another row of class {@code own}, which is the reference {@code self}, or none if -1. */
    void moveTo(int row, int own, int self, double[] distances) {
        this.row = row;
        this.distances = distances;
        positiveCount = 0;
        negativeCount = 0;
        isRanked = false;
        for (int other = 0; other < classes.length; other++) {
            if (other == self) {
                continue;
            }
            if (classes[other] != own) {
                sorted[negativeCount] = distances[other];
                negatives[negativeCount++] = other;
            } else {
                positives[positiveCount++] = other;
            }
        }
        Arrays.sort(sorted, 0, negativeCount);
    }

    boolean isValid() {
        return positiveCount > 0 && negativeCount > 0;
    }

    /** This anchor's row. */
    public int row() {
        return row;
    }

    /** Number of columns of the rows. */
    public int columns() {
        return columns;
    }

    /** Distance to any reference. */
    public double distance(int other) {
        return distances[other];
    }

    /** Number of references with the anchor's label, without itself. */
    public int positiveCount() {
        return positiveCount;
    }

    /** The {@code index}-th positive in order of rows. */
    public int positive(int index) {
        return positives[index];
    }

    /** Number of references with another label. */
    public int negativeCount() {
        return negativeCount;
    }

    /** The {@code index}-th negative in order of rows. */
    public int negative(int index) {
        return negatives[index];
    }

    /** The farthest positive. */
    public int farthestPositive() {
        int best = positives[0];
        for (int i = 1; i < positiveCount; i++) {
            if (distances[positives[i]] > distances[best]) {
                best = positives[i];
            }
        }
        return best;
    }

    /** The nearest positive. */
    public int nearestPositive() {
        int best = positives[0];
        for (int i = 1; i < positiveCount; i++) {
            if (distances[positives[i]] < distances[best]) {
                best = positives[i];
            }
        }
        return best;
    }

    /** The nearest negative. */
    public int nearestNegative() {
        return lowestNegativeAt(sorted[0]);
    }

    /** The farthest negative. */
    public int farthestNegative() {
        return lowestNegativeAt(sorted[negativeCount - 1]);
    }

    /** Number of negatives with a distance below the limit. */
    public int negativesBelow(double limit) {
        int low = 0;
        int high = negativeCount;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < limit) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Number of negatives with a distance up to and including the limit. */
    public int negativesUpTo(double limit) {
        int low = 0;
        int high = negativeCount;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] <= limit) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The distance of {@link #negativeByRank}. */
    public double distanceByRank(int rank) {
        return sorted[rank];
    }

    /** The negative with exactly {@code rank} others before it in order of (distance, row). */
    public int negativeByRank(int rank) {
        if (!isRanked) {
            Arrays.fill(equalsSeen, 0, negativeCount, 0);
            for (int i = 0; i < negativeCount; i++) {
                int firstEqual = negativesBelow(distances[negatives[i]]);
                ranked[firstEqual + equalsSeen[firstEqual]++] = negatives[i];
            }
            isRanked = true;
        }
        return ranked[rank];
    }

    private int lowestNegativeAt(double distance) {
        int index = 0;
        while (distances[negatives[index]] != distance) {
            index++;
        }
        return negatives[index];
    }
}
