package dev.mien.classifiers;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The five classifiers of the paper's second stage. */
public enum ClassifierKind {
    SOFTMAX,
    ANN,
    SVM,
    RANDOM_FOREST,
    XGBOOST;

    /** The lower-case word used in files and on the command line, such as {@code "random-forest"}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Parses a word in any case; {@link IllegalArgumentException} names an unknown one. */
    public static ClassifierKind ofWord(String word) {
        for (ClassifierKind kind : values()) {
            if (kind.word().equalsIgnoreCase(word.trim())) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown classifier '" + word + "'; expected one of "
                + Arrays.stream(values()).map(ClassifierKind::word).collect(Collectors.joining(", ")));
    }
}
