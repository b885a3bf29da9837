package dev.mien.data;

import dev.mien.internal.Words;

/**
 * The seven facial expressions of FER2013, in the alphabetical order that every label, probability vector and confusion
 * matrix of mien uses (0 = angry .. 6 = surprise). FER2013's CSV numbers them differently: see {@link #ofCsvCode}.
 */
public enum Expression {
    ANGRY,
    DISGUST,
    FEAR,
    HAPPY,
    NEUTRAL,
    SAD,
    SURPRISE;

    private static final Expression[] CSV_ORDER = {ANGRY, DISGUST, FEAR, HAPPY, SAD, SURPRISE, NEUTRAL};

    /** Number of classes. */
    public static final int COUNT = values().length;

    /** The lower-case word used in files and on the command line, such as {@code "happy"}. */
    public String word() {
        return Words.of(this);
    }

    /** Parses a word in any case; {@link IllegalArgumentException} names an unknown one. */
    public static Expression ofWord(String word) {
        return Words.parse(Expression.class, "expression", word);
    }

    /**
     * Converts the {@code emotion} column of fer2013.csv (0 angry, 1 disgust, 2 fear, 3 happy, 4 sad, 5 surprise, 6
     * neutral).
     */
    public static Expression ofCsvCode(int code) {
        if (code < 0 || code >= COUNT) {
            throw new IllegalArgumentException("unknown emotion code " + code + "; expected 0 to 6");
        }
        return CSV_ORDER[code];
    }

    /** All seven words in label order, comma-separated. */
    public static String words() {
        return Words.list(Expression.class);
    }
}
