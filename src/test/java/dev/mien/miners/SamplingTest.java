package dev.mien.miners;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.data.FloatMatrix;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Triplets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplingTest {

    /** Draws are functions of (seed, step), so fixed seeds make the statistical checks repeatable. */
    private static final long SEED = 20240607;

    private static final long[] LABELS = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2};

    private static FloatMatrix gaussian(int n, int d, long seed) {
        Random random = new Random(seed);
        float[] values = new float[n * d];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new FloatMatrix(values, n, d);
    }

    @ParameterizedTest
    @EnumSource
    void drawsComeFromTheDefinedCandidates(Distance distance) {
        long seed = new Random().nextLong();
        for (MiningCases.Case batch : MiningCases.draw(seed, 210)) {
            MiningOracle oracle = new MiningOracle(batch.embeddings(), batch.labels(), distance, 0.5);
            String where = distance + ", " + batch.name() + ", seed " + seed;
            long valid = java.util.stream.IntStream.range(0, oracle.n)
                    .filter(oracle::valid)
                    .count();

            Triplets random = new RandomMiner(distance, 0.5, 3)
                    .mine(batch.embeddings(), batch.labels(), 1)
                    .triplets();
            assertEquals(valid, random.size(), where);
            for (int i = 0; i < random.size(); i++) {
                int a = (int) random.anchor()[i];
                assertTrue(oracle.positive(a, (int) random.positive()[i]), where);
                assertTrue(oracle.negative(a, (int) random.negative()[i]), where);
            }

            Set<List<Long>> active = new HashSet<>();
            Set<List<Long>> pairs = new HashSet<>();
            for (long[] t : oracle.batchAll().triplets) {
                active.add(List.of(t[0], t[1], t[2]));
                pairs.add(List.of(t[0], t[1]));
            }
            Triplets violating = new SemiHardMiner(distance, 0.5, Semantics.VIOLATING, 3)
                    .mine(batch.embeddings(), batch.labels(), 1)
                    .triplets();
            assertEquals(pairs.size(), violating.size(), where);
            checkDistinctOrderedSubset(violating, active, where);

            Triplets capped = new BatchAllMiner(distance, 0.5, 4, 3)
                    .mine(batch.embeddings(), batch.labels(), 1)
                    .triplets();
            Map<Long, Long> perAnchor = new HashMap<>();
            active.forEach(t -> perAnchor.merge(t.get(0), 1L, Long::sum));
            assertEquals(
                    perAnchor.values().stream().mapToLong(c -> Math.min(4, c)).sum(), capped.size(), where);
            checkDistinctOrderedSubset(capped, active, where);
        }
    }

    private static void checkDistinctOrderedSubset(Triplets triplets, Set<List<Long>> allowed, String where) {
        List<Long> last = List.of(-1L, -1L, -1L);
        for (int i = 0; i < triplets.size(); i++) {
            List<Long> next = List.of(triplets.anchor()[i], triplets.positive()[i], triplets.negative()[i]);
            assertTrue(allowed.contains(next), where);
            int anchors = Long.compare(last.get(0), next.get(0));
            int positives = Long.compare(last.get(1), next.get(1));
            int order = anchors != 0 ? anchors : positives != 0 ? positives : Long.compare(last.get(2), next.get(2));
            assertTrue(order < 0, where);
            last = next;
        }
    }

    @Test
    void randomNegativesAreUniform() {
        FloatMatrix x = gaussian(LABELS.length, 4, 1);
        RandomMiner miner = new RandomMiner(Distance.EUCLIDEAN, 0, SEED);
        long[] negatives = new long[8];
        long[] positives = new long[3];
        for (int step = 0; step < 8000; step++) {
            Triplets triplets = miner.mine(x, LABELS, step).triplets();
            negatives[(int) triplets.negative()[0] - 4]++;
            positives[(int) triplets.positive()[0] - 1]++;
        }
        assertUniform(negatives);
        assertUniform(positives);
    }

    @Test
    void violatingNegativesAreUniform() {
        FloatMatrix x = gaussian(LABELS.length, 4, 1);
        SemiHardMiner miner = new SemiHardMiner(Distance.EUCLIDEAN, 1e9, Semantics.VIOLATING, SEED);
        long[] counts = new long[8];
        for (int step = 0; step < 8000; step++) {
            counts[(int) miner.mine(x, LABELS, step).triplets().negative()[0] - 4]++;
        }
        assertUniform(counts);
    }

    @Test
    void cappedTripletsAreUniform() {
        FloatMatrix x = gaussian(LABELS.length, 4, 1);
        BatchAllMiner miner = new BatchAllMiner(Distance.EUCLIDEAN, Double.POSITIVE_INFINITY, 5, SEED);
        long[] counts = new long[24];
        for (int step = 0; step < 8000; step++) {
            Triplets triplets = miner.mine(x, LABELS, step).triplets();
            for (int i = 0; i < 5; i++) {
                counts[(int) ((triplets.positive()[i] - 1) * 8 + triplets.negative()[i] - 4)]++;
            }
        }
        // Samples of one step exclude each other, so the spread is at most that of independent draws.
        assertUniform(counts);
    }

    @Test
    void boundedDrawsAreUniform() {
        for (int bound : new int[] {2, 3, 7, 10}) {
            long[] counts = new long[bound];
            for (int i = 0; i < 20_000; i++) {
                counts[CounterRandom.below(bound, SEED, i, 5, 6)]++;
            }
            assertUniform(counts);
        }
        assertEquals(0, CounterRandom.below(1, SEED, 0, 0, 0));
    }

    private static void assertUniform(long[] counts) {
        double expected = Arrays.stream(counts).sum() / (double) counts.length;
        double statistic = 0;
        for (long count : counts) {
            statistic += (count - expected) * (count - expected) / expected;
        }
        double limit = new ChiSquaredDistribution(counts.length - 1).inverseCumulativeProbability(0.9999);
        assertTrue(statistic < limit, "chi-square %f above %f".formatted(statistic, limit));
    }

    @Test
    void drawsDependOnSeedAndStepAlone() throws Exception {
        int n = 300;
        FloatMatrix x = gaussian(n, 8, 2);
        long[] labels = new Random(3).longs(n, 0, 5).toArray();
        for (Miner miner : List.of(
                new RandomMiner(Distance.COSINE, 0.2, 9),
                new SemiHardMiner(Distance.COSINE, 0.2, Semantics.VIOLATING, 9),
                new BatchAllMiner(Distance.COSINE, 0.2, 3, 9))) {
            String first = MinersOracleTest.text(miner.mine(x, labels, 4).triplets());
            ForkJoinPool single = new ForkJoinPool(1);
            String second = single.submit(
                            () -> MinersOracleTest.text(miner.mine(x, labels, 4).triplets()))
                    .get();
            single.shutdown();
            assertEquals(first, second, miner.toString());
            assertNotEquals(
                    first, MinersOracleTest.text(miner.mine(x, labels, 5).triplets()), miner.toString());
        }
        assertNotEquals(
                MinersOracleTest.text(new RandomMiner(Distance.COSINE, 0, 1)
                        .mine(x, labels, 0)
                        .triplets()),
                MinersOracleTest.text(new RandomMiner(Distance.COSINE, 0, 2)
                        .mine(x, labels, 0)
                        .triplets()));
    }
}
