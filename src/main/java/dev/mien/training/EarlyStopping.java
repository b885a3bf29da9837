package dev.mien.training;

/** Remembers the best epoch and says when too many have passed without a better one. Larger scores are better. */
final class EarlyStopping {

    private final int patience;
    private double best;
    private int bestEpoch;

    EarlyStopping(int patience) {
        this(patience, Double.NEGATIVE_INFINITY, -1);
    }

    /** Continues from a saved state. */
    EarlyStopping(int patience, double best, int bestEpoch) {
        this.patience = patience;
        this.best = best;
        this.bestEpoch = bestEpoch;
    }

    /** Hears the score of an epoch; true when it is the best so far. A NaN never is. */
    boolean improved(int epoch, double score) {
        if (!(score > best)) {
            return false;
        }
        best = score;
        bestEpoch = epoch;
        return true;
    }

    /** Whether {@code patience} epochs in a row brought nothing better. */
    boolean shouldStop(int epoch) {
        return epoch - bestEpoch >= patience;
    }

    double best() {
        return best;
    }

    int bestEpoch() {
        return bestEpoch;
    }
}
