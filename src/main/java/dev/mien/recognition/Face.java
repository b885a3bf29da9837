package dev.mien.recognition;

import dev.mien.data.Expression;
import java.util.Arrays;

/** A face and its expression. Immutable; two are equal when all their figures are. */
public final class Face {

    private final FaceBox box;
    private final double score;
    private final float[] probabilities;
    private final float[] embedding;

    Face(FaceBox box, double score, float[] probabilities, float[] embedding) {
        this.box = box;
        this.score = score;
        this.probabilities = probabilities;
        this.embedding = embedding;
    }

    /** The part of the picture that was looked at. */
    public FaceBox box() {
        return box;
    }

    /** The detector's score, 0..1; 1 for a face that was given. */
    public double score() {
        return score;
    }

    /** The likeliest expression. */
    public Expression label() {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        return Expression.values()[best];
    }

    /** The probability of one expression, 0..1. */
    public double probability(Expression expression) {
        return probabilities[expression.ordinal()];
    }

    /** (7) probabilities in label order, which sum to 1; a copy. */
    public float[] probabilities() {
        return probabilities.clone();
    }

    /**
     * (d) features at the network's global average pool, of unit length for models that were trained so; a copy, empty
     * unless the recognizer was built to give embeddings.
     */
    public float[] embedding() {
        return embedding.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Face face
                && box.equals(face.box)
                && score == face.score
                && Arrays.equals(probabilities, face.probabilities)
                && Arrays.equals(embedding, face.embedding);
    }

    @Override
    public int hashCode() {
        return 31 * box.hashCode() + Arrays.hashCode(probabilities);
    }

    /** Such as {@code happy 0.93 at 310,42 96x96}. */
    @Override
    public String toString() {
        return "%s %.2f at %d,%d %dx%d"
                .formatted(label().word(), probability(label()), box.x(), box.y(), box.width(), box.height());
    }
}
