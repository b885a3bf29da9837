package dev.mien.kernels;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A batch without its rows that are not finite, for miners to mine instead.
 *
 * @param batch of the rows that are left, numbered anew; the batch itself where every row is finite
 * @param anchors the number in the whole batch of each anchor that is left
 * @param references the same of each reference
 * @param skipped how many rows are left out: anchors, and references that are no anchors
 */
public record FiniteRows(Batch batch, int[] anchors, int[] references, long skipped) {

    /** The finite rows of a batch. */
    public static FiniteRows of(Batch whole) {
        int[] anchors = finite(whole.anchors, whole.columns);
        int[] references = whole.references == null ? anchors : finite(whole.references, whole.columns);
        long skipped = whole.anchors() - anchors.length;
        if (whole.references != null) {
            skipped += whole.references() - references.length;
        }
        return new FiniteRows(skipped == 0 ? whole : without(whole, anchors, references), anchors, references, skipped);
    }

    private static Batch without(Batch whole, int[] anchors, int[] references) {
        Batch batch = select(whole.anchors, anchors, whole.columns);
        if (whole.references == null) {
            return batch;
        }
        Batch others = select(whole.references, references, whole.columns);
        return batch.against(others.anchors.values(), others.anchors.labels(), self(whole, anchors, references));
    }

    /** Triplets of {@link #batch} with the row numbers of the whole one. */
    public Triplets inWhole(Triplets triplets) {
        return new Triplets(
                map(triplets.anchor(), anchors),
                map(triplets.positive(), references),
                map(triplets.negative(), references));
    }

    private static long[] map(long[] rows, int[] numbers) {
        return Arrays.stream(rows).map(row -> numbers[(int) row]).toArray();
    }

    private static int[] finite(Batch.Rows rows, int columns) {
        return IntStream.range(0, rows.count())
                .filter(row -> isFinite(rows.values(), row * columns, columns))
                .toArray();
    }

    private static boolean isFinite(FloatBuffer values, int offset, int columns) {
        for (int i = offset; i < offset + columns; i++) {
            if (!Float.isFinite(values.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static Batch select(Batch.Rows rows, int[] chosen, int columns) {
        float[] values = new float[chosen.length * columns];
        long[] labels = new long[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            rows.values().get(chosen[i] * columns, values, i * columns, columns);
            labels[i] = rows.labels()[chosen[i]];
        }
        return Batch.of(values, columns, labels);
    }

    /** The new number of each anchor's own reference; -1 where it has none, or one that is left out. */
    private static long[] self(Batch whole, int[] anchors, int[] references) {
        return Arrays.stream(anchors)
                .mapToLong(anchor -> Math.max(-1, Arrays.binarySearch(references, whole.self(anchor))))
                .toArray();
    }
}
