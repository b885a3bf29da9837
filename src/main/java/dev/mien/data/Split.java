package dev.mien.data;

import dev.mien.internal.Words;

/** The three parts of a dataset: FER2013's Training, PublicTest and PrivateTest. */
public enum Split {
    TRAIN,
    VALIDATION,
    TEST;

    /** The lower-case word used in files and on the command line. */
    public String word() {
        return Words.of(this);
    }
}
