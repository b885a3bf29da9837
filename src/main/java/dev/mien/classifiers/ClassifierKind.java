package dev.mien.classifiers;

import dev.mien.internal.Words;

/** The five classifiers of the paper's second stage. */
public enum ClassifierKind {
    SOFTMAX,
    ANN,
    SVM,
    RANDOM_FOREST,
    XGBOOST;

    /** The lower-case word used in files and on the command line, such as {@code "random-forest"}. */
    public String word() {
        return Words.of(this);
    }

    /** Whether {@link Classifier#probabilities} has an answer: the SVM's pairs of classes only vote. */
    public boolean givesProbabilities() {
        return this != SVM;
    }

    /** Parses a word in any case; {@link IllegalArgumentException} names an unknown one. */
    public static ClassifierKind ofWord(String word) {
        return Words.parse(ClassifierKind.class, "classifier", word);
    }
}
