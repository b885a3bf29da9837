package dev.mien.training;

/** How the learning rate moves. */
public enum Schedule {
    /** Held until the validation loss stalls, then cut ({@link ReduceOnPlateau}: patience 3, factor 0.1). */
    PLATEAU,
    /** Linear warm-up over the first tenth of all steps, then half a cosine to zero. */
    COSINE;

    private static final double WARM_UP = 0.1;

    /** Share of the peak rate after {@code progress} (0..1) of all steps. */
    static double cosine(double progress) {
        if (progress < WARM_UP) {
            return progress / WARM_UP;
        }
        return 0.5 * (1 + Math.cos(Math.PI * (progress - WARM_UP) / (1 - WARM_UP)));
    }
}
