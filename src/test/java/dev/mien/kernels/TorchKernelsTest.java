package dev.mien.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shared tests over LibTorch, and its accuracy against arithmetic with 60 decimal digits. */
class TorchKernelsTest extends AbstractKernelsTest {

    private static final MathContext DIGITS = new MathContext(60);

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @Override
    Kernels kernels() {
        return new TorchKernels();
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithExactArithmetic(Distance distance) {
        for (int d : new int[] {1, 2, 15, 16, 17, 33}) {
            for (double offset : new double[] {0, 100, 1e4}) {
                check(values(5, d, offset, 1), values(7, d, offset, 1), d, distance, "offset " + offset);
            }
            check(values(4, d, 1, 2e-7), values(5, d, 1, 2e-7), d, distance, "near duplicates");
            check(values(4, d, 0, 1e15), values(5, d, 0, 1e-15), d, distance, "huge and tiny");
            check(new float[3 * d], new float[3 * d], d, distance, "zeros");
            check(new float[3 * d], values(3, d, 0, 1), d, distance, "zeros and others");
        }
    }

    private float[] values(int rows, int d, double offset, double scale) {
        float[] values = new float[rows * d];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (offset + scale * random.nextGaussian());
        }
        return values;
    }

    private void check(float[] a, float[] b, int d, Distance distance, String what) {
        int n = a.length / d;
        int m = b.length / d;
        float[] actual = new float[n * m];
        kernels()
                .distances(Tensor.create(a, n, d), Tensor.create(b, m, d), distance)
                .data_ptr_float()
                .get(actual);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                double expected = exact(a, i * d, b, j * d, d, distance);
                // A direction rounded to float64 moves a cosine distance of h^2 / 2 by 1e-15 h.
                double rounding = distance == Distance.COSINE ? 1e-15 * Math.sqrt(expected) + 1e-30 : 0;
                assertEquals(
                        expected,
                        actual[i * m + j],
                        1e-6 * expected + rounding,
                        "%s, %s, d %d, row %d, column %d, seed %d".formatted(distance, what, d, i, j, seed));
            }
        }
    }

    private static double exact(float[] a, int i, float[] b, int j, int d, Distance distance) {
        BigDecimal squares = BigDecimal.ZERO;
        BigDecimal absolute = BigDecimal.ZERO;
        BigDecimal product = BigDecimal.ZERO;
        BigDecimal normA = BigDecimal.ZERO;
        BigDecimal normB = BigDecimal.ZERO;
        for (int k = 0; k < d; k++) {
            BigDecimal x = new BigDecimal(a[i + k]);
            BigDecimal y = new BigDecimal(b[j + k]);
            squares = squares.add(x.subtract(y).pow(2));
            absolute = absolute.add(x.subtract(y).abs());
            product = product.add(x.multiply(y));
            normA = normA.add(x.multiply(x));
            normB = normB.add(y.multiply(y));
        }
        return switch (distance) {
            case EUCLIDEAN -> squares.sqrt(DIGITS).doubleValue();
            case SQUARED_EUCLIDEAN -> squares.doubleValue();
            case MANHATTAN -> absolute.doubleValue();
            case COSINE -> {
                if (normA.signum() == 0 || normB.signum() == 0) {
                    yield 1;
                }
                BigDecimal cosine = product.divide(normA.multiply(normB).sqrt(DIGITS), DIGITS);
                yield BigDecimal.ONE.subtract(cosine).max(BigDecimal.ZERO).doubleValue();
            }
        };
    }
}
