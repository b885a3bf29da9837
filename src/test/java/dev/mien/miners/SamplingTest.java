package dev.mien.miners;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.data.FloatMatrix;
import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Triplets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
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
            Batch rows = batch.batch();
            long valid = java.util.stream.IntStream.range(0, oracle.n)
                    .filter(oracle::valid)
                    .count();

            Triplets random = draw(new RandomMiner(distance, 0.5, 3), rows, 1, where);
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
            Triplets violating = draw(new SemiHardMiner(distance, 0.5, Semantics.VIOLATING, 3), rows, 1, where);
            assertEquals(pairs.size(), violating.size(), where);
            checkDistinctOrderedSubset(violating, active, where);

            Triplets capped = draw(new BatchAllMiner(distance, 0.5, 4, 3), rows, 1, where);
            Map<Long, Long> perAnchor = new HashMap<>();
            active.forEach(t -> perAnchor.merge(t.get(0), 1L, Long::sum));
            assertEquals(
                    perAnchor.values().stream().mapToLong(c -> Math.min(4, c)).sum(), capped.size(), where);
            checkDistinctOrderedSubset(capped, active, where);

            Set<List<Long>> all = new HashSet<>();
            pairs.clear();
            MiningOracle every =
                    new MiningOracle(batch.embeddings(), batch.labels(), distance, Double.POSITIVE_INFINITY);
            for (long[] t : every.batchAll().triplets) {
                all.add(List.of(t[0], t[1], t[2]));
                pairs.add(List.of(t[0], t[1]));
            }
            Triplets weighted = draw(new DistanceWeightedMiner(distance, 0.5, 3), rows, 1, where);
            assertEquals(pairs.size(), weighted.size(), where);
            checkDistinctOrderedSubset(weighted, all, where);
        }
    }

    /** What both kernels draw, which is the same. */
    private static Triplets draw(Miner miner, Batch batch, long step, String where) {
        Triplets drawn = miner.triplets(batch, step, BothKernels.LIST.get(0));
        assertEquals(
                MinersOracleTest.text(drawn),
                MinersOracleTest.text(miner.triplets(batch, step, BothKernels.LIST.get(1))),
                miner + ", " + where);
        return drawn;
    }

    @ParameterizedTest
    @EnumSource
    void bothKernelsDrawTheSameFromReferences(Distance distance) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (MiningCases.Case batch : MiningCases.draw(seed, 210)) {
            MiningCases.Against memory = batch.against(random);
            MiningOracle oracle = memory.oracle(distance, 0.5);
            for (MinerKind kind : MinerKind.values()) {
                Miner miner = kind.create(new MinerOptions(distance, 0.5)
                        .withSemantics(Semantics.VIOLATING)
                        .withCap(4)
                        .withSeed(seed));
                String where = batch.name() + ", seed " + seed;
                Triplets drawn = draw(miner, memory.batch(), 2, where);
                for (int i = 0; i < drawn.size(); i++) {
                    int a = (int) drawn.anchor()[i];
                    assertTrue(oracle.positive(a, (int) drawn.positive()[i]), where);
                    assertTrue(oracle.negative(a, (int) drawn.negative()[i]), where);
                }
            }
        }
    }

    /** Points on a circle of radius 3: anchor and positive at angle 0, negatives at growing angles. */
    private static Batch circle(double... degrees) {
        float[] values = new float[2 * (degrees.length + 2)];
        long[] labels = new long[degrees.length + 2];
        values[0] = 3;
        values[2] = 3;
        for (int i = 0; i < degrees.length; i++) {
            labels[i + 2] = 1;
            values[2 * i + 4] = (float) (3 * Math.cos(Math.toRadians(degrees[i])));
            values[2 * i + 5] = (float) (3 * Math.sin(Math.toRadians(degrees[i])));
        }
        return Batch.of(values, 2, labels);
    }

    @Test
    void weightsAreInverseToTheDensityOfDistances() {
        double[] degrees = {5, 20, 40, 60, 80, 120}; // the nearest two count as 0.5, the farthest has no weight
        long[] counts = new long[degrees.length];
        Batch batch = circle(degrees);
        Miner miner = new DistanceWeightedMiner(Distance.EUCLIDEAN, 0.2, SEED);
        for (int step = 0; step < 8000; step++) {
            counts[(int) draw(miner, batch, step, "step " + step).negative()[0] - 2]++;
        }
        double[] weights = new double[degrees.length];
        for (int i = 0; i < weights.length - 1; i++) {
            double t = Math.max(0.5, 2 * Math.sin(Math.toRadians(degrees[i]) / 2));
            weights[i] = Math.sqrt(1 - t * t / 4); // 1 / q(t), with q(t) = t^(d-2) (1 - t^2/4)^((d-3)/2) and d = 2
        }
        assertEquals(0, counts[degrees.length - 1]);
        assertShares(weights, Arrays.copyOf(counts, degrees.length));
    }

    @Test
    void negativesThatAreAllFarAwayAreUniform() {
        long[] counts = new long[4];
        Miner miner = new DistanceWeightedMiner(Distance.EUCLIDEAN, 0.2, SEED);
        for (int step = 0; step < 8000; step++) {
            counts[
                    (int) draw(miner, circle(95, 120, 180, 250), step, "step " + step)
                                    .negative()[0]
                            - 2]++;
        }
        assertUniform(counts);
    }

    @Test
    void weightsNeitherOverflowNorVanishInManyDimensions() {
        // log w spans hundreds here: outside of the log domain every weight is 0 or infinite.
        FloatMatrix x = gaussian(40, 2048, 8);
        long[] labels = LongStream.range(0, 40).map(row -> row % 4).toArray();
        Triplets drawn = draw(
                new DistanceWeightedMiner(Distance.EUCLIDEAN, 0.2, SEED), Batches.of(x, labels), 0, "2048 dimensions");
        assertEquals(40 * 9, drawn.size());
        assertTrue(Arrays.stream(drawn.negative()).distinct().count() > 5);
    }

    private static void assertShares(double[] weights, long[] counts) {
        double total = Arrays.stream(weights).sum();
        double draws = Arrays.stream(counts).sum();
        double statistic = 0;
        int freedom = -1;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                double expected = draws * weights[i] / total;
                statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
                freedom++;
            }
        }
        double limit = new ChiSquaredDistribution(freedom).inverseCumulativeProbability(0.9999);
        assertTrue(statistic < limit, "chi-square %f above %f".formatted(statistic, limit));
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
        Batch x = Batches.of(gaussian(LABELS.length, 4, 1), LABELS);
        RandomMiner miner = new RandomMiner(Distance.EUCLIDEAN, 0, SEED);
        long[] negatives = new long[8];
        long[] positives = new long[3];
        for (int step = 0; step < 8000; step++) {
            Triplets triplets = draw(miner, x, step, "step " + step);
            negatives[(int) triplets.negative()[0] - 4]++;
            positives[(int) triplets.positive()[0] - 1]++;
        }
        assertUniform(negatives);
        assertUniform(positives);
    }

    @Test
    void violatingNegativesAreUniform() {
        Batch x = Batches.of(gaussian(LABELS.length, 4, 1), LABELS);
        SemiHardMiner miner = new SemiHardMiner(Distance.EUCLIDEAN, 1e9, Semantics.VIOLATING, SEED);
        long[] counts = new long[8];
        for (int step = 0; step < 8000; step++) {
            counts[(int) draw(miner, x, step, "step " + step).negative()[0] - 4]++;
        }
        assertUniform(counts);
    }

    @Test
    void cappedTripletsAreUniform() {
        Batch x = Batches.of(gaussian(LABELS.length, 4, 1), LABELS);
        BatchAllMiner miner = new BatchAllMiner(Distance.EUCLIDEAN, Double.POSITIVE_INFINITY, 5, SEED);
        long[] counts = new long[24];
        for (int step = 0; step < 8000; step++) {
            Triplets triplets = draw(miner, x, step, "step " + step);
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
        assertShares(Arrays.stream(counts).mapToDouble(count -> 1).toArray(), counts);
    }

    @Test
    void drawsDependOnSeedAndStepAlone() {
        int n = 300;
        Batch x = Batches.of(gaussian(n, 8, 2), new Random(3).longs(n, 0, 5).toArray());
        for (Miner miner : List.of(
                new RandomMiner(Distance.COSINE, 0.2, 9),
                new SemiHardMiner(Distance.COSINE, 0.2, Semantics.VIOLATING, 9),
                new BatchAllMiner(Distance.COSINE, 0.2, 3, 9),
                new DistanceWeightedMiner(Distance.COSINE, 0.2, 9))) {
            String first = MinersOracleTest.text(draw(miner, x, 4, "all threads"));
            NativeRuntime.setThreads(1);
            try {
                assertEquals(first, MinersOracleTest.text(draw(miner, x, 4, "one thread")), miner.toString());
            } finally {
                NativeRuntime.setThreads(Runtime.getRuntime().availableProcessors());
            }
            assertNotEquals(first, MinersOracleTest.text(draw(miner, x, 5, "step 5")), miner.toString());
        }
        assertNotEquals(
                MinersOracleTest.text(draw(new RandomMiner(Distance.COSINE, 0, 1), x, 0, "seed 1")),
                MinersOracleTest.text(draw(new RandomMiner(Distance.COSINE, 0, 2), x, 0, "seed 2")));
    }
}
