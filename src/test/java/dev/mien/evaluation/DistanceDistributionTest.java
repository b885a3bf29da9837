package dev.mien.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.data.FloatMatrix;
import dev.mien.kernels.Distance;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DistanceDistributionTest {

    @Test
    void countsEveryPairOfASmallSet() {
        // points 0, 1 of class 0 and 3, 4 of class 1 on a line
        FloatMatrix line = new FloatMatrix(new float[] {0, 1, 3, 4}, 4, 1);
        DistanceDistribution found =
                DistanceDistribution.of(line, new int[] {0, 0, 1, 1}, Distance.EUCLIDEAN, false, 4, 1);
        assertArrayEquals(new double[] {0, 1, 2, 3, 4}, found.binEdges(), 1e-12);
        assertArrayEquals(new long[] {0, 2, 0, 0}, found.same());
        assertArrayEquals(new long[] {0, 0, 1, 3}, found.different());
    }

    @Test
    void everyDistanceMeasuresAsDefined() {
        FloatMatrix two = new FloatMatrix(new float[] {3, 0, 0, 4}, 2, 2);
        int[] labels = {0, 1};
        assertEquals(5, top(two, labels, Distance.EUCLIDEAN, false), 1e-12);
        assertEquals(25, top(two, labels, Distance.SQUARED_EUCLIDEAN, false), 1e-12);
        assertEquals(7, top(two, labels, Distance.MANHATTAN, false), 1e-12);
        assertEquals(1, top(two, labels, Distance.COSINE, false), 1e-12);
        assertEquals(Math.sqrt(2), top(two, labels, Distance.EUCLIDEAN, true), 1e-7);
    }

    @Test
    void samplesOnlyAsManyAsAskedAndRepeatably() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int n = 900;
        float[] values = new float[n * 8];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = random.nextInt(3);
            for (int k = 0; k < 8; k++) {
                values[i * 8 + k] = (float) (random.nextGaussian() + (k == labels[i] ? 4 : 0));
            }
        }
        FloatMatrix matrix = new FloatMatrix(values, n, 8);
        DistanceDistribution first = DistanceDistribution.of(matrix, labels, Distance.EUCLIDEAN, false, 30, 5);
        DistanceDistribution second = DistanceDistribution.of(matrix, labels, Distance.EUCLIDEAN, false, 30, 5);
        assertArrayEquals(first.same(), second.same());
        assertEquals(DistanceDistribution.PAIRS, Arrays.stream(first.same()).sum());
        assertEquals(
                DistanceDistribution.PAIRS, Arrays.stream(first.different()).sum());
        Results.Distances stored = first.toResults("compact", "triplet", Distance.EUCLIDEAN);
        double separation = DistanceDistribution.separation(stored.same(), stored.different());
        assertTrue(separation > 0.85 && separation < 1, "seed " + seed + ": " + separation);
    }

    @Test
    void separationSpansItsRange() {
        assertEquals(1, DistanceDistribution.separation(List.of(3L, 0L), List.of(0L, 2L)));
        assertEquals(0, DistanceDistribution.separation(List.of(0L, 3L), List.of(2L, 0L)));
        assertEquals(0.5, DistanceDistribution.separation(List.of(1L, 1L), List.of(4L, 4L)));
        assertTrue(Double.isNaN(DistanceDistribution.separation(List.of(0L), List.of(2L))));
    }

    @Test
    void degenerateSetsHaveEmptyHistograms() {
        FloatMatrix one = new FloatMatrix(new float[] {1, 2}, 1, 2);
        DistanceDistribution found = DistanceDistribution.of(one, new int[] {3}, Distance.EUCLIDEAN, true, 2, 1);
        assertArrayEquals(new long[2], found.same());
        assertArrayEquals(new double[] {0, 0.5, 1}, found.binEdges());
        FloatMatrix equal = new FloatMatrix(new float[] {1, 1, 1}, 3, 1);
        assertEquals(
                1,
                DistanceDistribution.of(equal, new int[] {0, 0, 1}, Distance.EUCLIDEAN, false, 2, 1)
                        .same()[0]);
    }

    @Test
    void badInputIsNamed() {
        FloatMatrix broken = new FloatMatrix(new float[] {1, Float.NaN}, 2, 1);
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> DistanceDistribution.of(broken, new int[2], Distance.EUCLIDEAN, false, 2, 1))
                .getMessage();
        assertTrue(message.contains("row 1"), message);
        assertThrows(
                IllegalArgumentException.class,
                () -> DistanceDistribution.of(broken, new int[3], Distance.EUCLIDEAN, false, 2, 1));
    }

    private static double top(FloatMatrix matrix, int[] labels, Distance distance, boolean normalise) {
        double[] edges = DistanceDistribution.of(matrix, labels, distance, normalise, 3, 1)
                .binEdges();
        return edges[edges.length - 1];
    }
}
