package dev.mien.training;

import dev.mien.internal.Words;

/** What a model is trained with. */
public enum LossKind {
    /** The head's softmax against the labels. */
    CROSS_ENTROPY,
    /** Triplet margin loss on the features; the head is not trained. */
    TRIPLET,
    /** Cross entropy plus weighted triplet margin loss. */
    JOINT;

    /** Whether the head's logits mean anything after training. */
    public boolean trainsHead() {
        return this != TRIPLET;
    }

    /** Whether triplets are mined. */
    public boolean mines() {
        return this != CROSS_ENTROPY;
    }

    /** The word used on the command line, such as {@code cross-entropy}. */
    public String word() {
        return Words.of(this);
    }

    /** Parses a word; {@link IllegalArgumentException} lists the known ones. */
    public static LossKind ofWord(String word) {
        return Words.parse(LossKind.class, "loss", word);
    }
}
