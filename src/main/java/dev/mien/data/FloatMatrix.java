package dev.mien.data;

import java.util.Arrays;

/**
 * A dense row-major matrix in Java memory: embeddings as classifiers, .npy files and reports see them.
 *
 * @param values (rows, columns) row-major
 */
public record FloatMatrix(float[] values, int rows, int columns) {

    /** Checks the length; {@link IllegalArgumentException} otherwise. */
    public FloatMatrix {
        if ((long) rows * columns != values.length) {
            throw new IllegalArgumentException(
                    "%d values do not fill a %d x %d matrix".formatted(values.length, rows, columns));
        }
    }

    /** A copy of one row. */
    public float[] row(int row) {
        return Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
    }

    /** A copy holding the given rows, in the given order. */
    public FloatMatrix select(int[] chosen) {
        float[] copy = new float[chosen.length * columns];
        for (int i = 0; i < chosen.length; i++) {
            System.arraycopy(values, chosen[i] * columns, copy, i * columns, columns);
        }
        return new FloatMatrix(copy, chosen.length, columns);
    }
}
