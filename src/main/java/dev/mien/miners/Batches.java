package dev.mien.miners;

import dev.mien.data.FloatMatrix;
import dev.mien.kernels.Batch;

/** Matrices as batches. */
final class Batches {

    private Batches() {}

    static Batch of(FloatMatrix embeddings, long[] labels) {
        if (labels.length != embeddings.rows()) {
            throw new IllegalArgumentException(
                    "%d labels for %d embeddings".formatted(labels.length, embeddings.rows()));
        }
        return Batch.of(embeddings.values(), embeddings.columns(), labels);
    }
}
