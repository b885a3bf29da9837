package dev.mien.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClassificationReportTest {

    private static final int[] ACTUAL = {0, 1, 2, 2, 1, 0, 3, 3, 3, 5, 5, 6, 6, 6, 6, 0};
    private static final int[] PREDICTED = {0, 2, 2, 2, 1, 0, 3, 4, 3, 5, 3, 6, 6, 0, 6, 1};

    /** Golden values of scikit-learn 1.9.1, {@code precision_recall_fscore_support(..., zero_division=0)}. */
    @Test
    void agreesWithScikitLearn() {
        ClassificationReport report = ClassificationReport.of(ACTUAL, PREDICTED);
        assertEquals(16, report.n());
        assertEquals(11.0 / 16, report.accuracy(), 1e-15);
        double[] precision = {2 / 3.0, 0.5, 2 / 3.0, 2 / 3.0, 0, 1, 1};
        double[] recall = {2 / 3.0, 0.5, 1, 2 / 3.0, 0, 0.5, 0.75};
        double[] f1 = {2 / 3.0, 0.5, 0.8, 2 / 3.0, 0, 2 / 3.0, 0.8571428571428571};
        long[] support = {3, 2, 2, 3, 0, 2, 4};
        for (int c = 0; c < 7; c++) {
            Results.ClassScore score = report.perClass().get(c);
            assertEquals(precision[c], score.precision(), 1e-15);
            assertEquals(recall[c], score.recall(), 1e-15);
            assertEquals(f1[c], score.f1(), 1e-15);
            assertEquals(support[c], score.support());
        }
        assertEquals(0.6428571428571429, report.macro().precision(), 1e-15);
        assertEquals(0.5833333333333333, report.macro().recall(), 1e-15);
        assertEquals(0.5938775510204081, report.macro().f1(), 1e-15);
        assertEquals(0.7708333333333333, report.weighted().precision(), 1e-15);
        assertEquals(0.6875, report.weighted().recall(), 1e-15);
        assertEquals(0.7101190476190475, report.weighted().f1(), 1e-15);
    }

    @Test
    void precisionDividesByThePredictedCount() {
        // class 0: two images, both found; class 1: two images, both taken for 0
        ClassificationReport report = ClassificationReport.of(new int[] {0, 0, 1, 1}, new int[] {0, 0, 0, 0});
        assertEquals(0.5, report.perClass().get(0).precision());
        assertEquals(1.0, report.perClass().get(0).recall());
        assertEquals(0.0, report.perClass().get(1).precision());
        // classes 2..6 occur nowhere and do not dilute the macro average
        assertEquals(0.25, report.macro().precision());
        assertEquals(0.5, report.macro().recall());
    }

    @Test
    void confusionRowsAreActual() {
        ConfusionMatrix confusion = ConfusionMatrix.of(ACTUAL, PREDICTED, 7);
        assertEquals(List.of(2L, 1L, 0L, 0L, 0L, 0L, 0L), confusion.toLists().get(0));
        assertEquals(List.of(1L, 0L, 0L, 0L, 0L, 0L, 3L), confusion.toLists().get(6));
        assertEquals(1, confusion.count(5, 3));
        assertEquals(4, confusion.actual(6));
        assertEquals(1, confusion.predicted(4));
    }

    @Test
    void identitiesHoldOnRandomLabels() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            int n = 1 + random.nextInt(300);
            int[] actual = random.ints(n, 0, 7).toArray();
            int[] predicted = random.ints(n, 0, 1 + random.nextInt(7)).toArray();
            ClassificationReport report = ClassificationReport.of(actual, predicted);
            String message = "seed " + seed + " round " + round;
            assertEquals(report.accuracy(), report.weighted().recall(), 1e-12, message);
            int[] rows = java.util.stream.IntStream.range(0, n).toArray();
            assertEquals(report.accuracy(), ClassificationReport.accuracy(actual, predicted, rows), 1e-15, message);
            assertEquals(1.0, ClassificationReport.of(actual, actual).macro().f1(), 1e-15, message);
            assertTrue(report.perClass().stream().allMatch(s -> s.f1() >= 0 && s.f1() <= 1), message);
        }
    }

    @Test
    void nothingToScoreIsUndefined() {
        ClassificationReport report = ClassificationReport.of(new int[0], new int[0]);
        assertTrue(Double.isNaN(report.accuracy()));
        assertTrue(Double.isNaN(report.macro().f1()));
        assertTrue(Double.isNaN(ClassificationReport.accuracy(ACTUAL, PREDICTED, new int[0])));
    }

    @Test
    void badLabelsAreNamed() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> ClassificationReport.of(new int[] {0, 7}, new int[] {0, 0}))
                .getMessage();
        assertTrue(message.contains("row 1") && message.contains("7"), message);
        assertThrows(IllegalArgumentException.class, () -> ClassificationReport.of(new int[] {0}, new int[] {-1}));
        assertThrows(
                IllegalArgumentException.class, () -> ClassificationReport.of(ACTUAL, Arrays.copyOf(PREDICTED, 3)));
    }
}
