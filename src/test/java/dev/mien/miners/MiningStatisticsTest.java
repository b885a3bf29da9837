package dev.mien.miners;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.data.FloatMatrix;
import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.MiningStatistics;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MiningStatisticsTest {

    private static final double[] PERCENTS = {5, 25, 50, 75, 95};

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @ParameterizedTest
    @EnumSource
    void agreeWithPlainCounting(Distance distance) {
        for (MiningCases.Case batch : MiningCases.draw(seed, 210)) {
            double margin = random.nextInt(3) * 0.5;
            Miner miner = new SemiHardMiner(distance, margin, Semantics.TFA, 0);
            MiningOracle itself = new MiningOracle(batch.embeddings(), batch.labels(), distance, margin);
            MiningCases.Against memory = batch.against(random);
            MiningOracle against = memory.oracle(distance, margin);
            for (Kernels kernels : BothKernels.LIST) {
                String where = "%s, %s, %s, seed %d".formatted(kernels.description(), distance, batch.name(), seed);
                itself.triplets.clear();
                against.triplets.clear();
                MiningStatistics seen = miner.mine(batch.batch(), 0, kernels).statistics();
                check(itself.semiHard(Semantics.TFA), true, seen, where);
                assertEquals(duplicates(batch.embeddings()), seen.duplicateRows(), where);
                seen = miner.mine(memory.batch(), 0, kernels).statistics();
                check(against.semiHard(Semantics.TFA), false, seen, where + ", against references");
                assertEquals(duplicates(batch.embeddings()), seen.duplicateRows(), where);
            }
        }
    }

    private static void check(MiningOracle oracle, boolean symmetric, MiningStatistics seen, String where) {
        long valid = 0;
        long[] kinds = new long[3];
        DoubleStream.Builder same = DoubleStream.builder();
        DoubleStream.Builder different = DoubleStream.builder();
        double sum = 0;
        long pairs = 0;
        for (int a = 0; a < oracle.n; a++) {
            valid += oracle.valid(a) ? 1 : 0;
            for (int p = 0; p < oracle.m; p++) {
                if (oracle.self[a] == p) {
                    continue;
                }
                pairs++;
                sum += oracle.distance[a][p];
                if (!symmetric || p > a) {
                    (oracle.negative(a, p) ? different : same).add(oracle.distance[a][p]);
                }
                for (int n = 0; n < oracle.m; n++) {
                    if (oracle.positive(a, p) && oracle.negative(a, n)) {
                        double dp = oracle.distance[a][p];
                        double dn = oracle.distance[a][n];
                        kinds[dn <= dp ? 0 : dn < dp + oracle.margin ? 1 : 2]++;
                    }
                }
            }
        }
        long active = oracle.triplets.stream()
                .filter(t -> oracle.distance[(int) t[0]][(int) t[2]]
                        < oracle.distance[(int) t[0]][(int) t[1]] + oracle.margin)
                .count();
        int selected = oracle.triplets.size();
        assertEquals(oracle.n, seen.anchors(), where);
        assertEquals(valid, seen.validAnchors(), where);
        assertArrayEquals(kinds, new long[] {seen.hardPairs(), seen.semiHardPairs(), seen.easyPairs()}, where);
        assertEquals(selected, seen.triplets(), where);
        assertEquals(selected == 0 ? 0 : (double) active / selected, seen.activeFraction(), 0, where);
        checkPercentiles(same.build().toArray(), seen.samePercentiles(), where);
        checkPercentiles(different.build().toArray(), seen.differentPercentiles(), where);
        double mean = pairs == 0 ? 0 : sum / pairs;
        assertEquals(mean, seen.meanDistance(), 1e-12 * mean, where);
    }

    private static void checkPercentiles(double[] values, double[] seen, String where) {
        for (int i = 0; i < PERCENTS.length; i++) {
            // R-7 is numpy's default: linear between the two nearest order statistics.
            double expected = values.length == 0
                    ? Double.NaN
                    : new Percentile(PERCENTS[i])
                            .withEstimationType(Percentile.EstimationType.R_7)
                            .evaluate(values);
            assertEquals(expected, seen[i], values.length == 0 ? 0 : 1e-12 * expected, where);
        }
    }

    private static long duplicates(FloatMatrix x) {
        long count = 0;
        for (int i = 0; i < x.rows(); i++) {
            for (int j = 0; j < i; j++) {
                boolean equal = true;
                for (int k = 0; k < x.columns(); k++) {
                    equal &= x.row(i)[k] == x.row(j)[k];
                }
                if (equal) {
                    count++;
                    break;
                }
            }
        }
        return count;
    }

    @Test
    void sampledPercentilesOfManyRowsAreClose() {
        int n = 2600;
        Batch batch = Batch.of(
                uniform(n), 1, LongStream.range(0, n).map(row -> row % 2).toArray());
        for (Kernels kernels : BothKernels.LIST) {
            MiningStatistics seen = new RandomMiner(Distance.MANHATTAN, 0, 0)
                    .mine(batch, 0, kernels)
                    .statistics();
            // |u - v| of two uniform numbers has the quantiles 1 - sqrt(1 - q).
            for (int i = 0; i < PERCENTS.length; i++) {
                double expected = 1 - Math.sqrt(1 - PERCENTS[i] / 100);
                assertEquals(expected, seen.samePercentiles()[i], 0.03, "seed " + seed);
                assertEquals(expected, seen.differentPercentiles()[i], 0.03, "seed " + seed);
            }
        }
    }

    private float[] uniform(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource
    void aCollapsedEmbeddingIsNoticed(Distance distance) {
        assertTrue(collapsed(distance, 3, 1e-5, 0.2), "a point away from the origin");
        assertFalse(collapsed(distance, 0, 1, 0.2), "a healthy spread");
        assertFalse(collapsed(distance, 3, 1, 0.2), "a healthy spread away from the origin");
        if (distance != Distance.COSINE) {
            assertTrue(collapsed(distance, 0, 1e-7, 0.2), "a point at the origin");
        }
    }

    private boolean collapsed(Distance distance, double offset, double spread, double margin) {
        float[] values = new float[20 * 8];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (offset + spread * random.nextGaussian());
        }
        long[] labels = random.longs(20, 0, 3).toArray();
        Miner miner = new BatchHardMiner(distance, margin);
        Batch batch = Batch.of(values, 8, labels);
        boolean collapsed =
                miner.mine(batch, 0, BothKernels.LIST.get(0)).statistics().collapsed();
        assertEquals(
                collapsed,
                miner.mine(batch, 0, BothKernels.LIST.get(1)).statistics().collapsed(),
                "the kernels differ");
        return collapsed;
    }

    @Test
    void tensorsAndMatricesAgree() {
        NativeRuntime.load();
        for (MiningCases.Case batch : MiningCases.draw(seed, 40)) {
            FloatMatrix x = batch.embeddings();
            for (MinerKind kind : MinerKind.values()) {
                Miner miner = kind.create(new MinerOptions(Distance.EUCLIDEAN, 0.4).withSeed(5));
                try (PointerScope scope = new PointerScope()) {
                    Tensor rows =
                            Tensor.create(x.values(), x.rows(), x.columns()).set_requires_grad(true);
                    Tensor classes = Tensor.create(batch.labels());
                    for (Kernels kernels : BothKernels.LIST) {
                        assertEquals(
                                MinersOracleTest.text(miner.triplets(batch.batch(), 6, kernels)),
                                MinersOracleTest.text(miner.mine(Batch.of(rows, classes), 6, kernels)
                                        .triplets()),
                                batch.name());
                    }
                }
            }
        }
    }

    @Test
    void badInputIsRefusedInOneSentence() {
        NativeRuntime.load();
        Miner miner = new BatchHardMiner(Distance.EUCLIDEAN, 0.2);
        for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] values = new float[12];
            values[7] = broken;
            Batch batch = Batch.of(values, 3, new long[4]);
            Batch memory = Batch.of(new float[6], 3, new long[2]).against(values, new long[4], null);
            for (Kernels kernels : BothKernels.LIST) {
                for (MinerKind kind : MinerKind.values()) {
                    Miner any = kind.create(new MinerOptions(Distance.COSINE, 0.2));
                    refused("row 2 of the embeddings is not finite", () -> any.mine(batch, 0, kernels));
                    refused("row 2 of the embeddings is not finite", () -> any.triplets(batch, 0, kernels));
                    refused("row 2 of the references is not finite", () -> any.mine(memory, 0, kernels));
                    refused("row 2 of the references is not finite", () -> any.triplets(memory, 0, kernels));
                }
            }
        }
        refused("3 labels for 4 embeddings", () -> miner.mine(new FloatMatrix(new float[4], 4, 1), new long[3], 0));
        try (PointerScope scope = new PointerScope()) {
            Tensor rows = Tensor.create(new float[4], 2, 2);
            Tensor labels = Tensor.create(0L, 1L);
            refused("float32", () -> miner.mine(rows.to(ScalarType.Double), labels, 0));
            refused("int64", () -> miner.mine(rows, labels.to(ScalarType.Int), 0));
            refused("2-dimensional", () -> miner.mine(rows, rows, 0));
            refused("3 labels for 2", () -> miner.mine(rows, Tensor.create(0L, 1L, 1L), 0));
            refused("1-dimensional", () -> miner.mine(labels, labels, 0));
        }
        refused("margin", () -> new BatchHardMiner(Distance.EUCLIDEAN, -1));
        refused("margin", () -> new SemiHardMiner(Distance.EUCLIDEAN, Double.NaN, Semantics.TFA, 0));
        refused("3:2", () -> new BatchHardMiner(Distance.EUCLIDEAN, 0, 3, 2));
        refused("0:2", () -> new BatchHardMiner(Distance.EUCLIDEAN, 0, 0, 2));
        refused("cap", () -> new BatchAllMiner(Distance.EUCLIDEAN, 0, 0, 0));
    }

    @Test
    void wordsAreThoseOfTheCommandLine() {
        for (MinerKind kind : MinerKind.values()) {
            assertEquals(kind, MinerKind.parse(kind.word()));
            assertEquals(
                    kind.word(),
                    kind.create(new MinerOptions(Distance.COSINE, 0.1)).name());
        }
        assertEquals(
                "[batch-hard, semi-hard, batch-all, random, easy-positive, distance-weighted]",
                Arrays.toString(
                        Arrays.stream(MinerKind.values()).map(MinerKind::word).toArray()));
        assertEquals(Semantics.VIOLATING, Semantics.parse("violating"));
        assertEquals(NegativeChoice.SEMI_HARD, NegativeChoice.parse("semi-hard"));
        refused("expected one of batch-hard, semi-hard", () -> MinerKind.parse("seminard"));
        refused("expected one of facenet, tfa, violating", () -> Semantics.parse("tf"));
    }

    private static void refused(String part, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(part) && !message.contains("\n"), message);
    }
}
