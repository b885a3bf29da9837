package dev.mien.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchSamplerTest {

    @Test
    void balancedHoldsItsPromisesOnRandomLabels() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 300; trial++) {
            int[] labels = randomLabels(random);
            int p = 2 + random.nextInt(8);
            int k = 2 + random.nextInt(9);
            String where = "seed %d trial %d P %d K %d labels %s".formatted(seed, trial, p, k, Arrays.toString(labels));
            int usable = (int) counts(labels, IntStream.range(0, labels.length).toArray()).values().stream()
                    .filter(n -> n >= 2)
                    .count();
            if (usable < 2) {
                assertThrows(IllegalArgumentException.class, () -> new BalancedBatchSampler(labels, p, k, 0), where);
                continue;
            }
            BalancedBatchSampler sampler = new BalancedBatchSampler(labels, p, k, seed);
            for (int epoch = 0; epoch < 2; epoch++) {
                check(labels, sampler.epoch(epoch), Math.min(p, usable), k, where);
            }
        }
    }

    private static int[] randomLabels(SplittableRandom random) {
        int classes = 1 + random.nextInt(9);
        int[] sizes = IntStream.range(0, classes)
                .map(c -> random.nextInt(3) == 0 ? random.nextInt(4) : random.nextInt(60))
                .toArray();
        int[] labels = IntStream.range(0, classes)
                .flatMap(c -> IntStream.generate(() -> c * 3).limit(sizes[c]))
                .toArray();
        Draws.shuffle(labels, random);
        return labels;
    }

    private static Map<Integer, Integer> counts(int[] labels, int[] rows) {
        Map<Integer, Integer> counts = new HashMap<>();
        Arrays.stream(rows).forEach(row -> counts.merge(labels[row], 1, Integer::sum));
        return counts;
    }

    private static void check(int[] labels, int[][] batches, int p, int k, String where) {
        Map<Integer, Integer> all =
                counts(labels, IntStream.range(0, labels.length).toArray());
        boolean[] seen = new boolean[labels.length];
        for (int[] batch : batches) {
            assertEquals(batch.length, Arrays.stream(batch).distinct().count(), "row twice in a batch, " + where);
            assertTrue(batch.length <= (p + 1) * k, where);
            Map<Integer, Integer> counts = counts(labels, batch);
            assertEquals(p, counts.values().stream().filter(n -> n >= 2).count(), "classes with positives, " + where);
            counts.forEach((label, n) -> assertEquals(Math.min(k, all.get(label)), n, where));
            Arrays.stream(batch).forEach(row -> seen[row] = true);
        }
        for (int row = 0; row < seen.length; row++) {
            assertTrue(seen[row], "row " + row + " never shown, " + where);
        }
    }

    @Test
    void balancedShowsRareClassesAsOftenAsCommonOnes() {
        int[] sizes = {3995, 436, 4097, 7215, 4965, 4830, 3171};
        int[] labels = IntStream.range(0, 7)
                .flatMap(c -> IntStream.generate(() -> c).limit(sizes[c]))
                .toArray();
        int[][] all = new BalancedBatchSampler(labels, 7, 8, 1).epoch(0);
        assertEquals(902, all.length);
        int[] shown = new int[labels.length];
        Arrays.stream(all).flatMapToInt(Arrays::stream).forEach(row -> shown[row]++);
        int[] disgust = Arrays.copyOfRange(shown, 3995, 3995 + 436);
        assertTrue(
                Arrays.stream(disgust).min().orElseThrow() >= 16
                        && Arrays.stream(disgust).max().orElseThrow() <= 17,
                "images of a class repeat evenly");
        int[][] four = new BalancedBatchSampler(labels, 4, 8, 1).epoch(0);
        assertEquals(902, four.length);
        assertTrue(Arrays.stream(four).allMatch(batch -> batch.length == 32));
    }

    @Test
    void singlesJoinAsNegatives() {
        int[] labels = {0, 0, 1, 1, 2, 3, 4, 5, 6};
        int[][] batches = new BalancedBatchSampler(labels, 2, 2, 9).epoch(0);
        check(labels, batches, 2, 2, "singles");
    }

    @Test
    void samplersAreFunctionsOfSeedAndEpoch() {
        int[] labels = IntStream.range(0, 200).map(i -> i % 3).toArray();
        for (BatchSampler[] pair : new BatchSampler[][] {
            {
                new BalancedBatchSampler(labels, 2, 4, 7),
                new BalancedBatchSampler(labels, 2, 4, 7),
                new BalancedBatchSampler(labels, 2, 4, 8)
            },
            {
                new ShuffledBatchSampler(200, 32, 7),
                new ShuffledBatchSampler(200, 32, 7),
                new ShuffledBatchSampler(200, 32, 8)
            }
        }) {
            int[][] third = pair[0].epoch(3);
            pair[1].epoch(0);
            assertTrue(Arrays.deepEquals(third, pair[1].epoch(3)), "an epoch can be resumed");
            assertTrue(!Arrays.deepEquals(third, pair[0].epoch(4)));
            assertTrue(!Arrays.deepEquals(third, pair[2].epoch(3)));
        }
    }

    @Test
    void shuffledCoversEveryRowOnceAndLeavesNoSingleRow() {
        for (int size = 1; size < 70; size++) {
            for (int batchSize = 1; batchSize < 20; batchSize++) {
                int[][] batches = new ShuffledBatchSampler(size, batchSize, 1).epoch(2);
                int[] rows = Arrays.stream(batches)
                        .flatMapToInt(Arrays::stream)
                        .sorted()
                        .toArray();
                assertArrayEquals(IntStream.range(0, size).toArray(), rows);
                boolean lonely = Arrays.stream(batches).anyMatch(batch -> batch.length == 1);
                assertTrue(!lonely || size == 1 || batchSize == 1, size + " rows in batches of " + batchSize);
            }
        }
    }

    @Test
    void badSettingsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new BalancedBatchSampler(new int[] {0, 0, 1, 1}, 1, 2, 0));
        assertThrows(IllegalArgumentException.class, () -> new BalancedBatchSampler(new int[] {0, 0, 1, 1}, 2, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new BalancedBatchSampler(new int[] {0, 0, -1, 1}, 2, 2, 0));
        assertThrows(IllegalArgumentException.class, () -> new BalancedBatchSampler(new int[0], 2, 2, 0));
        assertThrows(IllegalArgumentException.class, () -> new ShuffledBatchSampler(0, 2, 0));
        assertThrows(IllegalArgumentException.class, () -> new ShuffledBatchSampler(2, 0, 0));
    }
}
