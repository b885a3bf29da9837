package dev.mien.classifiers;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Rows dealt to folds so that each fold holds nearly the same number of every class (Kohavi 1995).
 *
 * @param fold (n) the fold of each row, 0..folds-1
 * @param folds number of folds
 */
public record StratifiedFolds(int[] fold, int folds) {

    /**
     * Shuffles each class with {@code seed} and deals it round the folds, each class starting where the last one ended:
     * fold sizes differ by at most one, and so do the counts of any class. A class with fewer rows than folds is absent
     * from some folds.
     *
     * @throws IllegalArgumentException if folds is below 2 or above the number of rows
     */
    public static StratifiedFolds of(int[] labels, int folds, long seed) {
        if (folds < 2 || folds > labels.length) {
            throw new IllegalArgumentException("%d rows cannot be split into %d folds".formatted(labels.length, folds));
        }
        int[] fold = new int[labels.length];
        int next = 0;
        Random random = new Random(seed);
        for (int label : Arrays.stream(labels).distinct().sorted().toArray()) {
            for (int row : shuffled(rowsOf(labels, label), random)) {
                fold[row] = next;
                next = (next + 1) % folds;
            }
        }
        return new StratifiedFolds(fold, folds);
    }

    /** The rows outside fold {@code held}, in rising order. */
    public int[] trainRows(int held) {
        return IntStream.range(0, fold.length).filter(row -> fold[row] != held).toArray();
    }

    /** The rows of fold {@code held}, in rising order. */
    public int[] testRows(int held) {
        return IntStream.range(0, fold.length).filter(row -> fold[row] == held).toArray();
    }

    /**
     * At most {@code limit} rows in rising order, every class in its proportion but never below one row.
     *
     * @throws IllegalArgumentException if limit is below the number of classes that occur
     */
    public static int[] subset(int[] labels, int limit, long seed) {
        int[] classes = Arrays.stream(labels).distinct().sorted().toArray();
        if (limit < classes.length) {
            throw new IllegalArgumentException("%d rows cannot hold %d classes".formatted(limit, classes.length));
        }
        if (limit >= labels.length) {
            return IntStream.range(0, labels.length).toArray();
        }
        Random random = new Random(seed);
        int[] chosen = new int[0];
        for (int label : classes) {
            int[] rows = shuffled(rowsOf(labels, label), random);
            // one row each, then the rest in proportion, rounded down: the sum never exceeds the limit
            int share =
                    1 + (int) ((long) (rows.length - 1) * (limit - classes.length) / (labels.length - classes.length));
            int[] longer = Arrays.copyOf(chosen, chosen.length + share);
            System.arraycopy(rows, 0, longer, chosen.length, share);
            chosen = longer;
        }
        Arrays.sort(chosen);
        return chosen;
    }

    private static int[] rowsOf(int[] labels, int label) {
        return IntStream.range(0, labels.length)
                .filter(row -> labels[row] == label)
                .toArray();
    }

    private static int[] shuffled(int[] rows, Random random) {
        for (int i = rows.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = rows[i];
            rows[i] = rows[j];
            rows[j] = swap;
        }
        return rows;
    }
}
