package dev.mien.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Counts of (actual, predicted) label pairs: rows are actual classes, columns predicted ones. Immutable. */
public final class ConfusionMatrix {

    private final long[][] counts;

    private ConfusionMatrix(long[][] counts) {
        this.counts = counts;
    }

    /**
     * Counts predictions.
     *
     * @param actual (n) labels in 0..classes-1
     * @param predicted (n) labels in 0..classes-1
     * @param classes number of classes, at least 1
     * @throws IllegalArgumentException when the lengths differ or a label is out of range (names the row)
     */
    public static ConfusionMatrix of(int[] actual, int[] predicted, int classes) {
        if (actual.length != predicted.length) {
            throw new IllegalArgumentException(
                    "%d actual and %d predicted labels do not match".formatted(actual.length, predicted.length));
        }
        long[][] counts = new long[classes][classes];
        for (int i = 0; i < actual.length; i++) {
            counts[label(actual[i], i, classes)][label(predicted[i], i, classes)]++;
        }
        return new ConfusionMatrix(counts);
    }

    private static int label(int label, int row, int classes) {
        if (label < 0 || label >= classes) {
            throw new IllegalArgumentException(
                    "row %d has label %d; expected 0 to %d".formatted(row, label, classes - 1));
        }
        return label;
    }

    /** Number of classes. */
    public int classes() {
        return counts.length;
    }

    /** Images of class {@code actual} that were taken for {@code predicted}. */
    public long count(int actual, int predicted) {
        return counts[actual][predicted];
    }

    /** Images of class {@code actual}: its support. */
    public long actual(int actual) {
        return Arrays.stream(counts[actual]).sum();
    }

    /** Images taken for class {@code predicted}. */
    public long predicted(int predicted) {
        return Arrays.stream(counts).mapToLong(row -> row[predicted]).sum();
    }

    /** All images. */
    public long total() {
        return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
    }

    /** Images predicted correctly: the diagonal's sum. */
    public long correct() {
        long correct = 0;
        for (int c = 0; c < counts.length; c++) {
            correct += counts[c][c];
        }
        return correct;
    }

    /** The counts as lists, rows actual, as {@link Results.Run#confusion} holds them. */
    public List<List<Long>> toLists() {
        List<List<Long>> rows = new ArrayList<>();
        for (long[] row : counts) {
            rows.add(Arrays.stream(row).boxed().toList());
        }
        return rows;
    }
}
