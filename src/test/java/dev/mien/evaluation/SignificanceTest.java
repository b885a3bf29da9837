package dev.mien.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignificanceTest {

    /** Golden values of SciPy: {@code binomtest(k, n).proportion_ci(0.95, method="wilson")}. */
    @Test
    void wilsonAgreesWithScipy() {
        assertInterval(0.6337223634379089, 0.6649270515997919, Significance.wilson(2331, 3589));
        assertInterval(0.0, 0.27753279986288926, Significance.wilson(0, 10));
        assertInterval(0.7224672001371109, 1.0, Significance.wilson(10, 10));
        assertInterval(0.20654931437723745, 1.0, Significance.wilson(1, 1));
        assertInterval(0.23098652405492354, 0.6682144360118811, Significance.wilson(7, 16));
    }

    @Test
    void wilsonRefusesWhatCannotBe() {
        assertTrue(Double.isNaN(Significance.wilson(0, 0).low()));
        assertThrows(IllegalArgumentException.class, () -> Significance.wilson(5, 4));
        assertThrows(IllegalArgumentException.class, () -> Significance.wilson(-1, 4));
    }

    /** Golden values of SciPy: {@code binomtest(b, b + c, 0.5).pvalue}. */
    @Test
    void mcnemarAgreesWithScipy() {
        assertEquals(1, Significance.mcnemar(0, 0));
        assertEquals(1, Significance.mcnemar(1, 0));
        assertEquals(1, Significance.mcnemar(5, 5));
        assertEquals(0.14599609375, Significance.mcnemar(3, 9), 1e-14);
        assertRelative(0.016673847800120715, Significance.mcnemar(10, 25));
        assertRelative(0.019606727290281328, Significance.mcnemar(120, 160));
        assertRelative(0.00043334035939975445, Significance.mcnemar(1500, 1700));
        assertRelative(0.0021323556719912455, Significance.mcnemar(2200, 2000));
        assertRelative(1.8665272370064378e-301, Significance.mcnemar(0, 1000));
        assertRelative(0.0004478218231375636, Significance.mcnemar(40000, 41000));
        assertEquals(0, Significance.mcnemar(0, 3000));
    }

    @Test
    void mcnemarEqualsExactIntegers() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            int b = random.nextInt(120);
            int c = random.nextInt(120);
            BigInteger tail = BigInteger.ZERO;
            BigInteger term = BigInteger.ONE;
            for (int i = 0; i <= Math.min(b, c); i++) {
                tail = tail.add(term);
                term = term.multiply(BigInteger.valueOf(b + c - i)).divide(BigInteger.valueOf(i + 1));
            }
            double exact = new BigDecimal(tail.shiftLeft(1))
                    .divide(new BigDecimal(BigInteger.ONE.shiftLeft(b + c)), MathContext.DECIMAL64)
                    .doubleValue();
            double expected = Math.min(1, exact);
            assertEquals(expected, Significance.mcnemar(b, c), 1e-12 * expected, "seed " + seed + ": " + b + ", " + c);
        }
    }

    @Test
    void mcnemarCountsDiscordantImages() {
        int[] actual = {0, 0, 0, 0, 0, 0, 1, 1};
        int[] first = {0, 0, 0, 0, 0, 0, 0, 1};
        int[] second = {1, 1, 1, 1, 1, 0, 0, 0};
        assertEquals(Significance.mcnemar(6, 0), Significance.mcnemar(actual, first, second));
        assertEquals(2.0 / 64, Significance.mcnemar(actual, first, second), 1e-15);
        assertThrows(IllegalArgumentException.class, () -> Significance.mcnemar(actual, first, new int[1]));
    }

    private static void assertInterval(double low, double high, Significance.Interval interval) {
        assertEquals(low, interval.low(), 1e-12);
        assertEquals(high, interval.high(), 1e-12);
    }

    private static void assertRelative(double expected, double actual) {
        assertEquals(expected, actual, 1e-9 * expected);
    }
}
