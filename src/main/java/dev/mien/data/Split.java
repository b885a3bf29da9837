package dev.mien.data;

import java.util.Locale;

/** The three parts of a dataset: FER2013's Training, PublicTest and PrivateTest. */
public enum Split {
    TRAIN, VALIDATION, TEST;

    /** The lower-case word used in files and on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
