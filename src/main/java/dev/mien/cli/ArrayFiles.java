package dev.mien.cli;

import dev.mien.data.Expression;
import dev.mien.data.FloatMatrix;
import dev.mien.data.Npy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Embeddings and labels from .npy files, checked so that an error names the file and the row. */
final class ArrayFiles {

    private ArrayFiles() {}

    /** (n, d) float32, every value finite. */
    static FloatMatrix embeddings(Path file) throws IOException {
        FloatMatrix matrix = Npy.readFloats(file);
        float[] values = matrix.values();
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("%s: row %d is not finite: column %d is %s"
                        .formatted(file, i / matrix.columns(), i % matrix.columns(), values[i]));
            }
        }
        return matrix;
    }

    /** (n) int64 of any value, as many as {@code embeddings} has rows. */
    static long[] labels(Path file, FloatMatrix embeddings, Path embeddingsFile) throws IOException {
        long[] labels = Npy.readLabels(file);
        if (labels.length != embeddings.rows()) {
            throw new IllegalArgumentException("%s has %d labels but %s has %d rows"
                    .formatted(file, labels.length, embeddingsFile, embeddings.rows()));
        }
        return labels;
    }

    /** (n) labels 0..6, one per row of {@code embeddings}. */
    static int[] expressions(Path file, FloatMatrix embeddings, Path embeddingsFile) throws IOException {
        long[] labels = labels(file, embeddings, embeddingsFile);
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] < 0 || labels[row] >= Expression.COUNT) {
                throw new IllegalArgumentException("%s: unknown label %d in row %d; expected 0 to %d (%s)"
                        .formatted(file, labels[row], row, Expression.COUNT - 1, Expression.words()));
            }
        }
        return Arrays.stream(labels).mapToInt(Math::toIntExact).toArray();
    }
}
