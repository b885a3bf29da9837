package dev.mien.classifiers;

/** How much work the settings of a classifier ask for. */
public enum ClassifierPreset {
    /** Minutes for all five on two cores and 28,709 x 512 features. */
    QUICK,
    /** The paper's settings, on every row: with 28,709 x 512 features up to twelve minutes a classifier on two cores. */
    PAPER
}
