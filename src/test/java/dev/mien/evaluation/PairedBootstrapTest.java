package dev.mien.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {

    private static final int N = 600;

    private final int[] actual = new int[N];
    private final Random random = new Random();

    PairedBootstrapTest() {
        for (int i = 0; i < N; i++) {
            actual[i] = random.nextInt(7);
        }
    }

    /** Right with the given chance, else any class. */
    private int[] predictions(double right) {
        int[] predicted = new int[N];
        for (int i = 0; i < N; i++) {
            predicted[i] = random.nextDouble() < right ? actual[i] : random.nextInt(7);
        }
        return predicted;
    }

    @Test
    void theDifferenceIsThatOfTheReports() {
        List<int[]> first = List.of(predictions(0.5), predictions(0.6));
        List<int[]> second = List.of(predictions(0.7), predictions(0.4));
        double expected = 0;
        for (int i = 0; i < 2; i++) {
            expected += ClassificationReport.of(actual, second.get(i)).macro().f1() / 2;
            expected -= ClassificationReport.of(actual, first.get(i)).macro().f1() / 2;
        }
        PairedBootstrap.Difference difference = new PairedBootstrap(actual, 7).macroF1(first, second, 1);
        assertEquals(expected, difference.mean(), 1e-12);
        assertTrue(difference.low() < expected && expected < difference.high(), difference.toString());
    }

    @Test
    void aClearDifferenceIsSignificantAndNoneIsNot() {
        List<int[]> weak = List.of(predictions(0.3));
        List<int[]> strong = List.of(predictions(0.8));
        PairedBootstrap bootstrap = new PairedBootstrap(actual, 7);
        PairedBootstrap.Difference clear = bootstrap.macroF1(weak, strong, 1);
        assertTrue(clear.low() > 0 && clear.p() < 0.01, clear.toString());
        PairedBootstrap.Difference none = bootstrap.macroF1(weak, weak, 1);
        assertEquals(new PairedBootstrap.Difference(0, 0, 0, 1), none);
    }

    /** The interval's width is that of a normal one: 2 x 1.96 standard errors, here of a share of N. */
    @Test
    void theIntervalIsAsWideAsItShouldBe() {
        int[] two = new int[N];
        int[] wrong = new int[N];
        for (int i = 0; i < N; i++) {
            two[i] = i % 2;
            wrong[i] = random.nextInt(10) == 0 ? 1 - two[i] : two[i];
        }
        PairedBootstrap.Difference difference =
                new PairedBootstrap(two, 2).macroF1(List.of(two), List.of(wrong), random.nextLong());
        double share = -difference.mean();
        double error = Math.sqrt(share * (1 - share) / N);
        assertEquals(2 * 1.96 * error, difference.high() - difference.low(), 0.25 * error * 2 * 1.96);
    }
}
