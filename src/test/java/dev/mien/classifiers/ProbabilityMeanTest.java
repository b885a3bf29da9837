package dev.mien.classifiers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mien.data.FloatMatrix;
import org.junit.jupiter.api.Test;

class ProbabilityMeanTest {

    private static FloatMatrix rows(int classes, float... values) {
        return new FloatMatrix(values, values.length / classes, classes);
    }

    /** One is sure, two are not: a vote would say otherwise. */
    @Test
    void whoIsSurerCountsMore() {
        ProbabilityMean mean = new ProbabilityMean();
        mean.add(rows(2, 0.9f, 0.1f, 0.4f, 0.6f));
        mean.add(rows(2, 0.4f, 0.6f, 0.4f, 0.6f));
        mean.add(rows(2, 0.4f, 0.6f, 0.6f, 0.4f));
        assertArrayEquals(new int[] {0, 1}, mean.predict());
    }

    @Test
    void tiesGoToTheLowestClassInAnyOrder() {
        FloatMatrix a = rows(3, 0.1f, 0.3f, 0.6f);
        FloatMatrix b = rows(3, 0.1f, 0.6f, 0.3f);
        for (FloatMatrix[] order : new FloatMatrix[][] {{a, b}, {b, a}}) {
            ProbabilityMean mean = new ProbabilityMean();
            mean.add(order[0]);
            mean.add(order[1]);
            assertArrayEquals(new int[] {1}, mean.predict());
        }
    }

    @Test
    void refusesOtherShapesAndNothing() {
        ProbabilityMean mean = new ProbabilityMean();
        assertThrows(IllegalStateException.class, mean::predict);
        mean.add(rows(3, 1, 0, 0, 0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> mean.add(rows(3, 1, 0, 0)));
        assertThrows(IllegalArgumentException.class, () -> mean.add(rows(2, 1, 0, 0, 1, 0, 1)));
        assertArrayEquals(new int[] {0, 1}, mean.predict());
    }
}
