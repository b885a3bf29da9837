package dev.mien.training;

import dev.mien.internal.Words;

/** Named recipes of a whole experiment. */
public enum Preset {
    /** Minutes on two cores: fewer epochs with a cosine schedule, bfloat16, lighter classifiers. */
    QUICK,
    /** Liman and Kusuma (2024): 75 epochs at most, SGD 0.001, ReduceLROnPlateau, early stopping. */
    PAPER,
    /** The strongest from random weights: more epochs, mixup, random erasing, averaged weights. */
    FLAGSHIP;

    /** The word used on the command line. */
    public String word() {
        return Words.of(this);
    }
}
