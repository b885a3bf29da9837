package dev.mien.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.NativeRuntime;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every implementation of {@link Kernels} must do; a subclass names the implementation and nothing more. */
abstract class AbstractKernelsTest {

    static {
        NativeRuntime.load();
    }

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private PointerScope scope;

    abstract Kernels kernels();

    /** The tensor on the device that the kernels are tested on. */
    Tensor placed(Tensor tensor) {
        return tensor;
    }

    private Tensor distances(Tensor a, Tensor b, Distance distance) {
        return kernels().distances(placed(a), placed(b), distance);
    }

    @BeforeEach
    void openScope() {
        scope = new PointerScope();
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @ParameterizedTest
    @EnumSource
    void equalsBruteForce(Distance distance) {
        for (int d : new int[] {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 127, 129}) {
            check(normal(5, d, 0, 1), normal(7, d, 0, 1), distance);
        }
        check(normal(1, 19, 0, 1), normal(1, 19, 0, 1), distance);
        check(normal(70, 48, 0, 1), normal(130, 48, 0, 1), distance);
    }

    @ParameterizedTest
    @EnumSource
    void losesNoDigitsFarFromTheOrigin(Distance distance) {
        check(normal(40, 17, 1000, 1), normal(40, 17, 1000, 1), distance);
        check(normal(20, 64, 0, 1e-4f), normal(20, 64, 0, 1e-4f), distance);
    }

    @ParameterizedTest
    @EnumSource
    void handlesZeroEqualAndOppositeRows(Distance distance) {
        float[][] rows = normal(6, 21, 0, 1);
        rows[0] = new float[21];
        rows[2] = rows[1].clone();
        for (int k = 0; k < 21; k++) {
            rows[3][k] = -rows[1][k];
            rows[4][k] = Math.nextUp(rows[1][k]);
        }
        check(rows, rows, distance);
        float[] computed = values(distances(tensor(rows), tensor(rows), distance));
        assertEquals(0, computed[6 + 2], 0, "distance of equal rows");
        if (distance == Distance.COSINE) {
            assertEquals(1, computed[0], 0, "a zero row from itself");
            assertEquals(1, computed[1], 0, "a zero row from another");
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesMatricesWithoutRows(Distance distance) {
        Tensor none = torch.empty(0, 3);
        Tensor four = torch.ones(4, 3);
        assertArrayEquals(new long[] {0, 4}, distances(none, four, distance).shape());
        assertArrayEquals(new long[] {4, 0}, distances(four, none, distance).shape());
        assertArrayEquals(new long[] {0, 0}, distances(none, none, distance).shape());
    }

    @Test
    void takesMatricesThatAreNotContiguous() {
        float[][] rows = normal(9, 5, 0, 1);
        float[][] columns = new float[5][9];
        for (int i = 0; i < 9; i++) {
            for (int k = 0; k < 5; k++) {
                columns[k][i] = rows[i][k];
            }
        }
        float[] expected = values(distances(tensor(rows), tensor(rows), Distance.MANHATTAN));
        Tensor transposed = tensor(columns).t();
        assertArrayEquals(expected, values(distances(transposed, transposed, Distance.MANHATTAN)));
    }

    @ParameterizedTest
    @EnumSource
    void namesTheFirstRowThatIsNotFinite(Distance distance) {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[][] rows = normal(40, 3, 0, 1);
            rows[31][2] = bad;
            rows[17][0] = bad;
            Tensor broken = tensor(rows);
            Tensor sound = tensor(normal(5, 3, 0, 1));
            assertRejects("row 17 of a is not finite", broken, sound, distance);
            assertRejects("row 17 of b is not finite", sound, broken, distance);
        }
    }

    @Test
    void rejectsWrongShapesAndTypes() {
        Tensor matrix = torch.ones(4, 3);
        assertRejects("a has 3 columns and b has 5", matrix, torch.ones(4, 5), Distance.EUCLIDEAN);
        assertRejects("b has 1 dimensions", matrix, torch.ones(3), Distance.EUCLIDEAN);
        assertRejects("a has 3 dimensions", torch.ones(1, 4, 3), matrix, Distance.EUCLIDEAN);
        assertRejects("at least 1 column, not 0", torch.empty(4, 0), torch.empty(4, 0), Distance.EUCLIDEAN);
        Tensor doubles = matrix.to(torch.ScalarType.Double);
        assertRejects("b holds Double values; float32 is needed", matrix, doubles, Distance.EUCLIDEAN);
    }

    private void assertRejects(String message, Tensor a, Tensor b, Distance distance) {
        String actual = assertThrows(IllegalArgumentException.class, () -> distances(a, b, distance))
                .getMessage();
        assertTrue(actual.contains(message), actual);
    }

    private void check(float[][] a, float[][] b, Distance distance) {
        Tensor computed = distances(tensor(a), tensor(b), distance);
        assertArrayEquals(new long[] {a.length, b.length}, computed.shape());
        assertEquals(torch.ScalarType.Float, computed.scalar_type().intern());
        float[] values = values(computed);
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                double expected = bruteForce(a[i], b[j], distance);
                double actual = values[i * b.length + j];
                // 1e-14: what 1 - cos may lose in float64
                double tolerance = 1e-6 * Math.abs(expected) + (distance == Distance.COSINE ? 1e-14 : 0);
                assertEquals(expected, actual, tolerance, () -> "seed " + seed + ", d " + a[0].length);
            }
        }
    }

    private static double bruteForce(float[] x, float[] y, Distance distance) {
        double squares = 0;
        double absolutes = 0;
        double dot = 0;
        double xx = 0;
        double yy = 0;
        for (int k = 0; k < x.length; k++) {
            double difference = (double) x[k] - y[k];
            squares += difference * difference;
            absolutes += Math.abs(difference);
            dot += (double) x[k] * y[k];
            xx += (double) x[k] * x[k];
            yy += (double) y[k] * y[k];
        }
        return switch (distance) {
            case EUCLIDEAN -> Math.sqrt(squares);
            case SQUARED_EUCLIDEAN -> squares;
            case MANHATTAN -> absolutes;
            case COSINE -> xx == 0 || yy == 0 ? 1 : 1 - dot / Math.sqrt(xx) / Math.sqrt(yy);
        };
    }

    private float[][] normal(int rows, int d, float mean, float deviation) {
        float[][] matrix = new float[rows][d];
        for (float[] row : matrix) {
            for (int k = 0; k < d; k++) {
                row[k] = mean + deviation * (float) random.nextGaussian();
            }
        }
        return matrix;
    }

    private static Tensor tensor(float[][] rows) {
        int d = rows[0].length;
        float[] flat = new float[rows.length * d];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * d, d);
        }
        return torch.from_blob(new FloatPointer(flat), new long[] {rows.length, d})
                .clone();
    }

    private static float[] values(Tensor tensor) {
        float[] flat = new float[(int) tensor.numel()];
        if (flat.length > 0) {
            tensor.cpu().contiguous().data_ptr_float().get(flat);
        }
        return flat;
    }
}
