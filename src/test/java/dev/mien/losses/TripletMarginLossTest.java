package dev.mien.losses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Triplets;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TripletMarginLossTest {

    private static final Triplets ONE = new Triplets(new long[] {0}, new long[] {1}, new long[] {2});

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    /** A loss and its gradient. */
    private record Outcome(double loss, double[] gradient) {
        double largest() {
            double largest = 0;
            for (double g : gradient) {
                assertTrue(Double.isFinite(g), "gradient " + g);
                largest = Math.max(largest, Math.abs(g));
            }
            return largest;
        }
    }

    @BeforeAll
    static void load() {
        NativeRuntime.load();
    }

    private static Outcome run(TripletMarginLoss loss, double[] x, int n, int d, Triplets triplets, ScalarType type) {
        try (PointerScope scope = new PointerScope()) {
            Tensor rows = Tensor.create(x, n, d).to(type).set_requires_grad(true);
            Tensor value = loss.of(rows, triplets);
            assertEquals(0, value.dim());
            value.backward();
            double[] gradient = new double[n * d];
            rows.grad().to(ScalarType.Double).contiguous().data_ptr_double().get(gradient);
            return new Outcome(value.item_double(), gradient);
        }
    }

    private static Outcome run(TripletMarginLoss loss, double[] x, int n, int d, Triplets triplets) {
        return run(loss, x, n, d, triplets, ScalarType.Double);
    }

    private double[] gaussian(int size, double offset, double scale) {
        double[] x = new double[size];
        for (int i = 0; i < size; i++) {
            x[i] = (float) (offset + scale * random.nextGaussian());
        }
        return x;
    }

    /** {@code count} triplets of any rows but equal ones. */
    private Triplets triplets(int count, int n) {
        long[][] rows = new long[3][count];
        for (int i = 0; i < count; i++) {
            int first = random.nextInt(n);
            rows[0][i] = first;
            rows[1][i] = (first + 1 + random.nextInt(n / 2 - 1)) % n;
            rows[2][i] = (first + n / 2 + random.nextInt(n / 2)) % n;
        }
        return new Triplets(rows[0], rows[1], rows[2]);
    }

    private static double distance(double[] x, int d, long i, long j, Distance distance) {
        double squares = 0;
        double absolute = 0;
        double product = 0;
        double normI = 0;
        double normJ = 0;
        for (int k = 0; k < d; k++) {
            double a = x[(int) i * d + k];
            double b = x[(int) j * d + k];
            squares += (a - b) * (a - b);
            absolute += Math.abs(a - b);
            product += a * b;
            normI += a * a;
            normJ += b * b;
        }
        return switch (distance) {
            case EUCLIDEAN -> Math.sqrt(squares);
            case SQUARED_EUCLIDEAN -> squares;
            case MANHATTAN -> absolute;
            case COSINE -> normI * normJ == 0 ? 1 : 1 - product / Math.sqrt(normI * normJ);
        };
    }

    private static double expected(TripletMarginLoss loss, double[] x, int d, Triplets t) {
        double sum = 0;
        int active = 0;
        for (int i = 0; i < t.size(); i++) {
            double violation = distance(x, d, t.anchor()[i], t.positive()[i], loss.distance())
                    - distance(x, d, t.anchor()[i], t.negative()[i], loss.distance());
            double cost = loss.margin() instanceof Margin.Hinge hinge
                    ? Math.max(0, violation + hinge.margin())
                    : Math.max(0, violation) + Math.log1p(Math.exp(-Math.abs(violation)));
            sum += cost;
            active += cost > 0 ? 1 : 0;
        }
        return sum / (loss.mean() == Mean.ALL ? t.size() : Math.max(1, active));
    }

    @ParameterizedTest
    @EnumSource
    void valueAndGradientAgreeWithFiniteDifferences(Distance distance) {
        int n = 8;
        int d = 5;
        for (Margin margin : new Margin[] {Margin.hinge(0.7), Margin.soft()}) {
            for (Mean mean : Mean.values()) {
                // Up to 5 triplets gather rows, more go through the matrix.
                for (int count : new int[] {1, 4, 60}) {
                    TripletMarginLoss loss = new TripletMarginLoss(distance, margin, mean);
                    double[] x = gaussian(n * d, 0, 1);
                    x[0] = 0; // Not a kink: the other rows differ from it in every column.
                    Triplets triplets = triplets(count, n);
                    String where = "%s, %d triplets, seed %d".formatted(loss, count, seed);
                    Outcome outcome = run(loss, x, n, d, triplets);
                    assertEquals(expected(loss, x, d, triplets), outcome.loss(), 1e-8, where);
                    for (int i = 0; i < x.length; i++) {
                        assertEquals(slope(loss, x, d, triplets, i), outcome.gradient()[i], 1e-5, where);
                    }
                }
            }
        }
    }

    private static double slope(TripletMarginLoss loss, double[] x, int d, Triplets triplets, int i) {
        double h = 1e-6;
        double[] moved = x.clone();
        moved[i] = x[i] + h;
        double up = expected(loss, moved, d, triplets);
        moved[i] = x[i] - h;
        return (up - expected(loss, moved, d, triplets)) / (2 * h);
    }

    @ParameterizedTest
    @EnumSource
    void gatheredPairsAndTheMatrixAgree(Distance distance) {
        int n = 20;
        int d = 33;
        TripletMarginLoss loss = new TripletMarginLoss(distance, Margin.hinge(0.5), Mean.ALL);
        double[] x = gaussian(n * d, 0, 1);
        Arrays.fill(x, 0, d, 0); // a zero row
        System.arraycopy(x, 3 * d, x, 4 * d, d); // a duplicate
        Triplets once = triplets(30, n);
        Outcome gathered = run(loss, x, n, d, once);
        Outcome matrix = run(loss, x, n, d, repeat(once, 10));
        assertEquals(gathered.loss(), matrix.loss(), 1e-12, "seed " + seed);
        for (int i = 0; i < x.length; i++) {
            assertEquals(gathered.gradient()[i], matrix.gradient()[i], 1e-12, "seed " + seed);
        }
    }

    private static Triplets repeat(Triplets triplets, int times) {
        int size = triplets.size();
        long[][] rows = new long[3][size * times];
        for (int i = 0; i < size * times; i++) {
            rows[0][i] = triplets.anchor()[i % size];
            rows[1][i] = triplets.positive()[i % size];
            rows[2][i] = triplets.negative()[i % size];
        }
        return new Triplets(rows[0], rows[1], rows[2]);
    }

    @ParameterizedTest
    @EnumSource
    void aPositiveFartherAwayCostsMore(Distance distance) {
        for (Margin margin : new Margin[] {Margin.hinge(1), Margin.soft()}) {
            TripletMarginLoss loss = new TripletMarginLoss(distance, margin, Mean.ACTIVE);
            double[] near = {1, 0, 1, 0.1, 1, 0.5};
            double[] far = {1, 0, 1, 0.9, 1, 0.5};
            double[] farNegative = {1, 0, 1, 0.1, 1, 0.6};
            double cost = run(loss, near, 3, 2, ONE).loss();
            assertTrue(run(loss, far, 3, 2, ONE).loss() > cost, loss.toString());
            assertTrue(run(loss, farNegative, 3, 2, ONE).loss() < cost, loss.toString());
            Triplets swapped = new Triplets(new long[] {0}, new long[] {2}, new long[] {1});
            assertTrue(run(loss, near, 3, 2, swapped).loss() > cost, loss.toString());
            assertTrue(run(loss, near, 3, 2, ONE).gradient()[3] > 0, "the positive is pulled in");
            assertTrue(run(loss, near, 3, 2, ONE).gradient()[5] < 0, "the negative is pushed away");
        }
    }

    @ParameterizedTest
    @EnumSource
    void equalRowsHaveNoGradient(Distance distance) {
        for (double value : new double[] {0, 1}) {
            for (int times : new int[] {1, 20}) {
                double[] x = new double[8 * 4];
                Arrays.fill(x, value);
                Triplets triplets = repeat(triplets(4, 8), times);
                for (ScalarType type : new ScalarType[] {ScalarType.Float, ScalarType.Double}) {
                    Outcome hinge =
                            run(new TripletMarginLoss(distance, Margin.hinge(0.2), Mean.ALL), x, 8, 4, triplets, type);
                    assertEquals(0.2, hinge.loss(), 1e-7);
                    assertEquals(0, hinge.largest(), 0);
                    Outcome soft =
                            run(new TripletMarginLoss(distance, Margin.soft(), Mean.ALL), x, 8, 4, triplets, type);
                    assertEquals(Math.log(2), soft.loss(), 1e-6);
                    assertEquals(0, soft.largest(), 0);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void nearDuplicatesKeepAFiniteGradient(Distance distance) {
        for (int times : new int[] {1, 20}) {
            double[] x = gaussian(8 * 16, 1, 1e-7);
            Outcome outcome = run(
                    new TripletMarginLoss(distance, Margin.hinge(0.2), Mean.ACTIVE),
                    x,
                    8,
                    16,
                    repeat(triplets(4, 8), times),
                    ScalarType.Float);
            assertEquals(0.2, outcome.loss(), 1e-4, "seed " + seed);
            assertTrue(outcome.largest() <= 2.1, "a unit vector from each side, seed " + seed);
        }
    }

    @Test
    void float32DistancesOfAnOffsetCloudAreExact() {
        // With |a|^2 + |b|^2 - 2ab these distances would be wrong in the first digit.
        int n = 10;
        int d = 64;
        double[] x = gaussian(n * d, 1e4, 1);
        TripletMarginLoss loss = new TripletMarginLoss(Distance.EUCLIDEAN, Margin.hinge(50), Mean.ALL);
        for (int count : new int[] {5, 80}) {
            Triplets triplets = triplets(count, n);
            double actual = run(loss, x, n, d, triplets, ScalarType.Float).loss();
            assertEquals(expected(loss, x, d, triplets), actual, 1e-4, "seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noTripletCostsNothing(Distance distance) {
        Triplets none = new Triplets(new long[0], new long[0], new long[0]);
        for (Mean mean : Mean.values()) {
            TripletMarginLoss loss = new TripletMarginLoss(distance, Margin.soft(), mean);
            for (double value : new double[] {1, Double.NaN}) {
                Outcome outcome = run(loss, new double[] {value, 2, 3, 4}, 2, 2, none);
                assertEquals(0, outcome.loss(), 0);
                assertEquals(0, outcome.largest(), 0);
            }
        }
    }

    @Test
    void onlyEasyTripletsCostNothing() {
        TripletMarginLoss loss = new TripletMarginLoss(Distance.EUCLIDEAN, Margin.hinge(0.1), Mean.ACTIVE);
        Outcome outcome = run(loss, new double[] {0, 1, 9}, 3, 1, ONE);
        assertEquals(0, outcome.loss(), 0);
        assertEquals(0, outcome.largest(), 0);
    }

    @Test
    void theSoftMarginDoesNotOverflow() {
        TripletMarginLoss loss = new TripletMarginLoss(Distance.EUCLIDEAN, Margin.soft(), Mean.ALL);
        Outcome outcome = run(loss, new double[] {0, 5000, 1}, 3, 1, ONE, ScalarType.Float);
        assertEquals(4999, outcome.loss(), 1e-3);
        assertEquals(1, outcome.largest(), 1e-6);
    }

    @Test
    void bfloat16IsComputedInFloat32() {
        TripletMarginLoss loss = new TripletMarginLoss(Distance.EUCLIDEAN, Margin.hinge(0.25), Mean.ALL);
        double[] x = {0, 1, 1.0078125};
        assertEquals(0.2421875, run(loss, x, 3, 1, ONE, ScalarType.BFloat16).loss(), 1e-7);
    }

    @Test
    void aRowOutsideIsRefused() {
        TripletMarginLoss loss = new TripletMarginLoss(Distance.EUCLIDEAN, Margin.soft(), Mean.ALL);
        Triplets outside = new Triplets(new long[] {0}, new long[] {1}, new long[] {2});
        String message = assertThrows(
                        IllegalArgumentException.class, () -> run(loss, new double[] {1, 2}, 2, 1, outside))
                .getMessage();
        assertEquals("a triplet names row 2 of 2 embeddings", message);
        assertThrows(IllegalArgumentException.class, () -> Margin.hinge(-1));
        assertThrows(IllegalArgumentException.class, () -> Margin.hinge(Double.NaN));
    }
}
