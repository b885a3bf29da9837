package dev.mien.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.data.FloatMatrix;
import dev.mien.evaluation.RetrievalMetrics.ClassScores;
import dev.mien.evaluation.RetrievalMetrics.Scores;
import dev.mien.internal.ChildJvm;
import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.NativeKernels;
import dev.mien.kernels.TorchKernels;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetrievalMetricsTest {

    private static final long SEED = new Random().nextLong();
    private static final List<Kernels> BOTH = List.of(new NativeKernels(), new TorchKernels());

    /** On a line: 0 and 1 of class 7, 3 and 7 of class 8. */
    @Test
    void aSmallExampleByHand() {
        RetrievalMetrics m = score(column(0, 1, 3, 7), new long[] {7, 7, 8, 8}, null, null, Distance.EUCLIDEAN);
        // Nearest: of 0 it is 1, of 1 it is 0, of 3 it is 1 (its match comes third), of 7 it is 3. R is 1.
        assertEquals(0.75, m.mean().precisionAt1());
        assertEquals(0.75, m.mean().rPrecision());
        assertEquals(0.75, m.mean().mapAtR());
        assertEquals((1 + 1 + 1 / 3.0 + 1) / 4, m.mean().meanReciprocalRank(), 1e-12);
        // Silhouettes: a = 1, 1, 4, 4; b = 5, 4, 2.5, 6.5.
        double[] silhouettes = {4 / 5.0, 3 / 4.0, -1.5 / 4, 2.5 / 6.5};
        assertEquals(
                Arrays.stream(silhouettes).average().orElseThrow(), m.mean().silhouette(), 1e-6);
        assertEquals(2.5, m.meanSameDistance(), 1e-6);
        assertEquals((3 + 7 + 2 + 6) / 4.0, m.meanDifferentDistance(), 1e-6);
        assertEquals(
                List.of(7L, 8L), m.perClass().stream().map(ClassScores::label).toList());
        assertEquals(0.5, m.perClass().get(1).scores().precisionAt1());
        assertEquals(0, m.anchorsWithoutMatch());
    }

    /** Musgrave et al.: with R = 10, matches at ranks 1 and 10 score less than at ranks 1 and 2. */
    @Test
    void mapAtRWeighsTheRanks() {
        float[] references = new float[19];
        long[] labels = new long[19];
        for (int i = 0; i < 19; i++) {
            references[i] = i + 1;
            labels[i] = i == 0 || i == 9 || i > 10 ? 1 : 0; // ranks 1 and 10; the other eight lie behind rank 11
        }
        FloatMatrix anchor = column(0);
        RetrievalMetrics m = score(anchor, new long[] {1}, column(references), labels, Distance.MANHATTAN);
        assertEquals(0.2, m.mean().rPrecision(), 1e-12);
        assertEquals((1 + 2 / 10.0) / 10, m.mean().mapAtR(), 1e-12);
        long[] early = labels.clone();
        early[9] = 0;
        early[1] = 1;
        assertEquals(
                (1 + 1) / 10.0,
                score(anchor, new long[] {1}, column(references), early, Distance.MANHATTAN)
                        .mean()
                        .mapAtR(),
                1e-12);
    }

    @Test
    void tiesGoToTheLowestRow() {
        FloatMatrix equal = column(1, 1, 1, 1);
        Scores mean = score(equal, new long[] {5, 9, 9, 5}, null, null, Distance.EUCLIDEAN)
                .mean();
        assertEquals(0.25, mean.precisionAt1(), "row 0 sees row 1 first, all others see row 0");
        RetrievalMetrics m = score(equal, new long[] {5, 5, 9, 9}, null, null, Distance.COSINE);
        assertEquals(0.5, m.mean().precisionAt1());
        assertEquals((1 + 1 + 1 / 3.0 + 1 / 3.0) / 4, m.mean().meanReciprocalRank(), 1e-12);
        assertEquals(0, m.mean().silhouette());
    }

    @Test
    void ofNoneOneAndTwoRows() {
        RetrievalMetrics none = score(new FloatMatrix(new float[0], 0, 3), new long[0], null, null, Distance.COSINE);
        assertTrue(Double.isNaN(none.mean().mapAtR())
                && Double.isNaN(none.nmi())
                && none.perClass().isEmpty());
        RetrievalMetrics one = score(column(1), new long[] {4}, null, null, Distance.EUCLIDEAN);
        assertEquals(1, one.anchorsWithoutMatch());
        assertTrue(Double.isNaN(one.mean().precisionAt1()) && Double.isNaN(one.meanSameDistance()));
        RetrievalMetrics two = score(column(1, 2), new long[] {4, 4}, null, null, Distance.EUCLIDEAN);
        assertEquals(1, two.mean().mapAtR());
        assertTrue(Double.isNaN(two.mean().silhouette()), "without another class");
        RetrievalMetrics apart = score(column(1, 2), new long[] {4, 5}, null, null, Distance.EUCLIDEAN);
        assertEquals(2, apart.anchorsWithoutMatch());
        assertEquals(0, apart.mean().silhouette());
        assertEquals(1, apart.nmi(), 1e-12);
        FloatMatrix nothing = new FloatMatrix(new float[0], 0, 1);
        assertEquals(
                2,
                score(column(1, 2), new long[] {4, 5}, nothing, new long[0], Distance.EUCLIDEAN)
                        .anchorsWithoutMatch());
    }

    @Test
    void perfectAndHopelessEmbeddings() {
        float[] values = new float[60];
        long[] labels = new long[60];
        for (int i = 0; i < 60; i++) {
            labels[i] = i % 3;
            values[i] = 100 * labels[i] + i / 60f;
        }
        RetrievalMetrics perfect = score(column(values), labels, null, null, Distance.EUCLIDEAN);
        assertEquals(new Scores(1, 1, 1, 1, perfect.mean().silhouette()), perfect.mean());
        assertEquals(perfect.mean().mapAtR(), perfect.macro().mapAtR());
        assertTrue(perfect.mean().silhouette() > 0.99, perfect::toString);
        assertEquals(1, perfect.nmi(), 1e-12);
        assertEquals(1, perfect.separation(), 1e-12);
        Random random = new Random(1);
        long[] drawn = random.longs(60, 0, 3).toArray();
        RetrievalMetrics hopeless = score(column(values), drawn, null, null, Distance.EUCLIDEAN);
        assertTrue(hopeless.nmi() < 0.3 && hopeless.mean().mapAtR() < 0.5, hopeless::toString);
    }

    /** The third by hand: clusters of 2, 1 and 3 rows, of which 2, 1, 1 and 2 share class and cluster. */
    @Test
    void mutualInformationOfTwoGroupings() {
        int[] classes = {0, 0, 1, 1, 2, 2};
        assertEquals(1, ClusterAgreement.nmi(new int[] {5, 5, 3, 3, 9, 9}, classes), 1e-12);
        assertEquals(0, ClusterAgreement.nmi(new int[] {1, 1, 1, 1, 1, 1}, classes), 1e-12);
        double third = Math.log(3);
        double clusters = third / 3 + Math.log(6) / 6 + Math.log(2) / 2;
        double both = third * 2 / 3 + 2 * Math.log(6) / 6;
        assertEquals(
                2 * (third + clusters - both) / (third + clusters),
                ClusterAgreement.nmi(new int[] {0, 0, 1, 2, 2, 2}, classes),
                1e-12);
    }

    @ParameterizedTest
    @EnumSource
    void equalsTheBruteForce(Distance distance) {
        Random random = new Random(SEED);
        for (int round = 0; round < 120; round++) {
            int n = random.nextInt(40);
            int d = 1 + random.nextInt(20);
            FloatMatrix x = AwkwardRows.draw(round, n, d, random);
            long[] labels = AwkwardRows.labels(round, n, random);
            check(x, labels, null, null, distance, round);
            int m = random.nextInt(40);
            check(
                    x,
                    labels,
                    AwkwardRows.draw(round, m, d, random),
                    AwkwardRows.labels(round, m, random),
                    distance,
                    round);
        }
    }

    private static void check(
            FloatMatrix x, long[] labels, FloatMatrix y, long[] referenceLabels, Distance distance, int round) {
        RetrievalOracle oracle = new RetrievalOracle(x, labels, y, referenceLabels, distance);
        for (Kernels kernels : BOTH) {
            String where = "%s, round %d, seed %d, %s".formatted(distance, round, SEED, kernels.description());
            RetrievalMetrics m = RetrievalMetrics.of(x, labels, y, referenceLabels, distance, 0, 1, kernels);
            // The cosine distance of the same direction is rounding alone, and the silhouette a ratio of two.
            boolean ratios = distance != Distance.COSINE || !oracle.hasRounding();
            check(oracle, null, m.mean(), ratios, where);
            for (ClassScores scores : m.perClass()) {
                check(oracle, scores.label(), scores.scores(), ratios, where + ", class " + scores.label());
            }
            close(oracle.meanDistance(true), m.meanSameDistance(), where);
            close(oracle.meanDistance(false), m.meanDifferentDistance(), where);
            assertTrue(Double.isNaN(m.nmi()), where);
        }
    }

    private static void check(RetrievalOracle oracle, Long label, Scores scores, boolean ratios, String where) {
        assertEquals(oracle.mean(0, label), scores.precisionAt1(), 1e-12, where);
        assertEquals(oracle.mean(1, label), scores.rPrecision(), 1e-12, where);
        assertEquals(oracle.mean(2, label), scores.mapAtR(), 1e-12, where);
        assertEquals(oracle.mean(3, label), scores.meanReciprocalRank(), 1e-12, where);
        if (ratios) {
            assertEquals(oracle.mean(4, label), scores.silhouette(), 1e-5, where);
        }
    }

    private static void close(double expected, double actual, String where) {
        double scale = Double.isNaN(expected) ? 1 : Math.abs(expected);
        assertEquals(expected, actual, 2e-6 * scale + 1e-37, where);
    }

    /** Rows that float32 distances cannot order: many blocks, many near ties. */
    @Test
    void largerSetsOfNearTies() {
        Random random = new Random(SEED);
        int n = 400;
        float[] values = new float[n * 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (1 + (random.nextDouble() * 4 - 2) * 1e-6);
        }
        check(new FloatMatrix(values, n, 2), random.longs(n, 0, 3).toArray(), null, null, Distance.EUCLIDEAN, -1);
        check(new FloatMatrix(values, n, 2), random.longs(n, 0, 3).toArray(), null, null, Distance.COSINE, -1);
    }

    @Test
    void threadsAndRepetitionsChangeNothing() {
        Random random = new Random(3);
        FloatMatrix x = AwkwardRows.draw(0, 300, 8, random);
        long[] labels = random.longs(300, 0, 5).toArray();
        int before = NativeRuntime.threads();
        try {
            NativeRuntime.setThreads(1);
            RetrievalMetrics single = score(x, labels, null, null, Distance.COSINE);
            NativeRuntime.setThreads(3);
            assertEquals(single, score(x, labels, null, null, Distance.COSINE));
        } finally {
            NativeRuntime.setThreads(before);
        }
    }

    @Test
    void badInputIsNamed() {
        FloatMatrix x = column(1, Float.NaN, 3);
        long[] labels = {1, 2, 3};
        assertEquals("row 1 of the embeddings is not finite", failure(x, labels, null, null, 0));
        FloatMatrix good = column(1, 2, 3);
        assertEquals("row 1 of the references is not finite", failure(good, labels, x, labels, 0));
        assertEquals("restarts must be 0 or more, not -1", failure(good, labels, null, null, -1));
        assertTrue(failure(good, new long[2], null, null, 0).contains("2 rows"));
        FloatMatrix wide = new FloatMatrix(new float[6], 3, 2);
        assertEquals("the embeddings have 1 columns and the references 2", failure(good, labels, wide, labels, 0));
    }

    private static String failure(FloatMatrix x, long[] labels, FloatMatrix y, long[] others, int restarts) {
        return assertThrows(
                        IllegalArgumentException.class,
                        () -> RetrievalMetrics.of(x, labels, y, others, Distance.EUCLIDEAN, restarts, 1))
                .getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "torch"})
    void noMatrixIsStoredAndLibTorchStaysUnloaded(String kernels) throws Exception {
        ChildJvm.Outcome outcome = new ChildJvm(Score.class)
                .option("-Xmx160m")
                .option("-Xlog:class+load")
                .environment("MIEN_KERNELS", kernels)
                .run();
        String end = outcome.output().substring(Math.max(0, outcome.output().length() - 2000));
        assertEquals(0, outcome.exit(), end);
        assertFalse(outcome.output().contains("org.bytedeco.pytorch.global.torch "), "LibTorch's bindings");
    }

    /** Scores 12,000 rows, whose distances would take 576 MB. */
    static final class Score {
        private Score() {}

        /** Takes no arguments. */
        public static void main(String[] arguments) {
            int n = 12_000;
            Random random = new Random(1);
            float[] values = new float[2 * n];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat();
            }
            long[] labels = LongStream.range(0, n).map(i -> i / 12).toArray(); // few matches: little to sort
            RetrievalMetrics m = RetrievalMetrics.of(
                    new FloatMatrix(values, n, 2), labels, null, null, Distance.SQUARED_EUCLIDEAN, 0, 1);
            System.exit(m.anchors() == n && m.mean().mapAtR() < 0.1 ? 0 : 1);
        }
    }

    private static RetrievalMetrics score(
            FloatMatrix x, long[] labels, FloatMatrix y, long[] referenceLabels, Distance distance) {
        return RetrievalMetrics.of(x, labels, y, referenceLabels, distance, 3, 1, BOTH.get(0));
    }

    private static FloatMatrix column(float... values) {
        return new FloatMatrix(values, values.length, 1);
    }
}
