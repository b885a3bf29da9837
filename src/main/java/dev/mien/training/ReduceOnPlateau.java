package dev.mien.training;

/** Lowers the learning rate when a watched loss stops falling, as PyTorch's ReduceLROnPlateau in mode min does. */
final class ReduceOnPlateau {

    /** An improvement must exceed this share of the best value: PyTorch's default threshold. */
    private static final double THRESHOLD = 1e-4;

    private final int patience;
    private final double factor;
    private double rate;
    private double best;
    private int badEpochs;

    ReduceOnPlateau(double rate, int patience, double factor) {
        this(rate, patience, factor, Double.POSITIVE_INFINITY, 0);
    }

    /** Continues from a saved state. */
    ReduceOnPlateau(double rate, int patience, double factor, double best, int badEpochs) {
        this.rate = rate;
        this.patience = patience;
        this.factor = factor;
        this.best = best;
        this.badEpochs = badEpochs;
    }

    /** Hears the loss of an epoch. */
    void observe(double loss) {
        if (loss < best * (1 - THRESHOLD)) {
            best = loss;
            badEpochs = 0;
        } else if (++badEpochs > patience) {
            rate *= factor;
            badEpochs = 0;
        }
    }

    double rate() {
        return rate;
    }

    double best() {
        return best;
    }

    int badEpochs() {
        return badEpochs;
    }
}
