package dev.mien.experiment;

import dev.mien.internal.Words;

/** What the classifiers of the second stage are fitted on; validation and test features are always of plain images. */
public enum TrainingFeatures {
    /** Features of the training images as they are, as in the paper. */
    PLAIN(1),
    /**
     * Features of copies changed at random as in training: those of images that the network knows by heart are too
     * clear-cut to learn from. Two copies, as one alone may be an unlucky draw of its face, while each further one costs
     * the time of a fit again and shows no new face.
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
