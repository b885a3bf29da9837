package dev.mien.data;

import java.util.Locale;

/**
 * The seven facial expressions of FER2013, in the alphabetical order that every label, probability vector and confusion
 * matrix of mien uses (0 = angry .. 6 = surprise). FER2013's CSV numbers them differently: see {@link #ofCsvCode}.
 */
public enum Expression {
    ANGRY, DISGUST, FEAR, HAPPY, NEUTRAL, SAD, SURPRISE;

    private static final Expression[] CSV_ORDER = {ANGRY, DISGUST, FEAR, HAPPY, SAD, SURPRISE, NEUTRAL};

    /** Number of classes. */
    public static final int COUNT = values().length;

    /** The lower-case word used in files and on the command line, such as {@code "happy"}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Parses a word in any case; {@link IllegalArgumentException} names an unknown one. */
    public static Expression ofWord(String word) {
        for (Expression expression : values()) {
            if (expression.name().equalsIgnoreCase(word.trim())) {
                return expression;
            }
        }
        throw new IllegalArgumentException("unknown expression '" + word + "'; expected one of " + words());
    }

    /** Converts the {@code emotion} column of fer2013.csv (0 angry, 1 disgust, 2 fear, 3 happy, 4 sad, 5 surprise, 6 neutral). */
    public static Expression ofCsvCode(int code) {
        if (code < 0 || code >= COUNT) {
            throw new IllegalArgumentException("unknown emotion code " + code + "; expected 0 to 6");
        }
        return CSV_ORDER[code];
    }

    /** All seven words in label order, comma-separated. */
    public static String words() {
        StringBuilder words = new StringBuilder();
        for (Expression expression : values()) {
            words.append(words.isEmpty() ? "" : ", ").append(expression.word());
        }
        return words.toString();
    }
}
