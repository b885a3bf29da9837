package dev.mien.classifiers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StratifiedFoldsTest {

    @Test
    void spreadsEveryClassEvenly() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int folds = 2 + random.nextInt(9);
            int[] labels = labels(random, folds + random.nextInt(200), 1 + random.nextInt(9));
            StratifiedFolds split = StratifiedFolds.of(labels, folds, round);
            String told = "seed " + seed + ", round " + round;
            int[][] counts = new int[10][folds];
            int[] sizes = new int[folds];
            for (int row = 0; row < labels.length; row++) {
                counts[labels[row]][split.fold()[row]]++;
                sizes[split.fold()[row]]++;
            }
            for (int[] count : counts) {
                assertEven(count, told);
            }
            assertEven(sizes, told);
            int held = random.nextInt(folds);
            int[] all = IntStream.concat(Arrays.stream(split.trainRows(held)), Arrays.stream(split.testRows(held)))
                    .sorted()
                    .toArray();
            assertArrayEquals(IntStream.range(0, labels.length).toArray(), all, told);
            assertArrayEquals(
                    split.fold(), StratifiedFolds.of(labels, folds, round).fold(), told);
        }
    }

    @Test
    void drawsStratifiedSubsets() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int[] labels = labels(random, 10 + random.nextInt(500), 5);
            int limit = 5 + random.nextInt(300);
            int[] rows = StratifiedFolds.subset(labels, limit, round);
            String told = "seed " + seed + ", round " + round;
            assertTrue(
                    rows.length <= Math.min(limit, labels.length) && rows.length >= Math.min(limit - 5, labels.length),
                    told);
            assertEquals(rows.length, Arrays.stream(rows).distinct().count(), told);
            assertEquals(
                    Arrays.stream(labels).distinct().count(),
                    Arrays.stream(rows).map(row -> labels[row]).distinct().count(),
                    told);
        }
        assertThrows(IllegalArgumentException.class, () -> StratifiedFolds.subset(new int[] {0, 1, 2}, 2, 1));
    }

    @Test
    void refusesMoreFoldsThanRows() {
        assertThrows(IllegalArgumentException.class, () -> StratifiedFolds.of(new int[] {0, 1, 0}, 4, 1));
        assertThrows(IllegalArgumentException.class, () -> StratifiedFolds.of(new int[] {0, 1, 0}, 1, 1));
    }

    private static void assertEven(int[] counts, String told) {
        int least = Arrays.stream(counts).min().orElseThrow();
        int most = Arrays.stream(counts).max().orElseThrow();
        assertTrue(most - least <= 1, () -> told + ": " + Arrays.toString(counts));
    }

    /** Skewed labels: the last classes are rare or absent. */
    private static int[] labels(Random random, int rows, int classes) {
        return IntStream.range(0, rows)
                .map(row -> (int) (classes * Math.pow(random.nextDouble(), 3)))
                .toArray();
    }
}
