package dev.mien.miners;

import dev.mien.internal.Words;

/** The negative that goes with an easy positive. The ordinal is the code that the native library takes. */
public enum NegativeChoice {
    /** The nearest negative. */
    HARD,
    /** The nearest negative with dp < dn < dp + margin; the anchor is skipped when there is none. */
    SEMI_HARD;

    /** The word used on the command line. */
    public String word() {
        return Words.of(this);
    }

    /** The meaning of a word; {@link IllegalArgumentException} listing the known ones otherwise. */
    public static NegativeChoice parse(String word) {
        return Words.parse(NegativeChoice.class, "negative choice", word);
    }
}
