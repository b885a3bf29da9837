package dev.mien.experiment;

import dev.mien.internal.Words;

/** What the classifiers of the second stage are fitted on; validation and test features are always of plain images. */
public enum TrainingFeatures {
    /** Features of the training images as they are, as in the paper. */
    PLAIN(1),
    /**
     * Features of copies changed at random as in training, for a network that knows its training images by heart: there
     * an ANN gained 2.0 points of FER2013's test accuracy, others -0.9 to 0.7. Where the network had learned from
     * augmented images every classifier lost 0.5 to 1.6 (bench/results/fer2013-features). Two copies, as one alone may
     * be an unlucky draw, while a further one costs a fit's time and shows no new face.
     */
    AUGMENTED(2);

    private final int copies;

    TrainingFeatures(int copies) {
        this.copies = copies;
    }

    /** Rows of each training image, at least 1. */
    public int copies() {
        return copies;
    }

    /** The word used on the command line. */
    public String word() {
        return Words.of(this);
    }
}
