package dev.mien.losses;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Batch;
import dev.mien.kernels.CudaOnHost;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.NativeKernels;
import dev.mien.kernels.TorchKernels;
import dev.mien.miners.BatchAllMiner;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The fused batch-all loss against its definition over all triplets, natively, by LibTorch, and by the CUDA library. */
class BatchAllTripletLossTest {

    private static final List<Kernels> BOTH = List.of(new NativeKernels(), new TorchKernels(), CudaOnHost.kernels());

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    private record Outcome(double value, long active, long triplets, double[] gradient) {}

    @BeforeAll
    static void load() {
        NativeRuntime.load();
    }

    /** Of three times the loss, so that the gradient that comes in from above is not 1. */
    private static Outcome run(BatchAllTripletLoss loss, double[] x, long[] labels, Kernels kernels, ScalarType type) {
        int d = x.length / Math.max(1, labels.length);
        try (PointerScope scope = new PointerScope()) {
            Tensor rows = Tensor.create(x, labels.length, d).to(type).set_requires_grad(true);
            BatchAllTripletLoss.Result result = loss.of(rows, Tensor.create(labels), kernels);
            assertEquals(0, result.value().dim());
            result.value().mul(new Scalar(3.0)).backward();
            double[] gradient = new double[x.length];
            rows.grad().to(ScalarType.Double).contiguous().data_ptr_double().get(gradient);
            return new Outcome(
                    result.value().item_double(),
                    result.active(),
                    result.triplets(),
                    Arrays.stream(gradient).map(g -> g / 3).toArray());
        }
    }

    private static Outcome run(BatchAllTripletLoss loss, double[] x, long[] labels, Kernels kernels) {
        return run(loss, x, labels, kernels, ScalarType.Float);
    }

    /** By three loops over rows, in float64; the gradient by central differences. */
    private static Outcome definition(BatchAllTripletLoss loss, double[] x, long[] labels) {
        double[] gradient = new double[x.length];
        double h = 1e-6;
        for (int i = 0; i < x.length; i++) {
            double[] moved = x.clone();
            moved[i] = x[i] + h;
            double up = value(loss, moved, labels).value();
            moved[i] = x[i] - h;
            gradient[i] = (up - value(loss, moved, labels).value()) / (2 * h);
        }
        Outcome outcome = value(loss, x, labels);
        return new Outcome(outcome.value(), outcome.active(), outcome.triplets(), gradient);
    }

    private static Outcome value(BatchAllTripletLoss loss, double[] x, long[] labels) {
        int n = labels.length;
        int d = x.length / n;
        double sum = 0;
        long active = 0;
        long triplets = 0;
        for (int a = 0; a < n; a++) {
            for (int p = 0; p < n; p++) {
                for (int q = 0; q < n; q++) {
                    if (a == p || labels[a] != labels[p] || labels[a] == labels[q]) {
                        continue;
                    }
                    double cost = distance(x, d, a, p, loss.distance())
                            - distance(x, d, a, q, loss.distance())
                            + loss.margin();
                    sum += Math.max(0, cost);
                    active += cost > 0 ? 1 : 0;
                    triplets++;
                }
            }
        }
        double divisor = Math.max(1, loss.mean() == Mean.ACTIVE ? active : triplets);
        return new Outcome(sum / divisor, active, triplets, null);
    }

    private static double distance(double[] x, int d, int i, int j, Distance distance) {
        double squares = 0;
        double absolute = 0;
        double product = 0;
        double normI = 0;
        double normJ = 0;
        for (int k = 0; k < d; k++) {
            double a = x[i * d + k];
            double b = x[j * d + k];
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

    private double[] gaussian(int size) {
        double[] x = new double[size];
        for (int i = 0; i < size; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithTheDefinition(Distance distance) {
        for (double margin : new double[] {0, 0.2, 1.5, 100}) {
            for (Mean mean : Mean.values()) {
                BatchAllTripletLoss loss = new BatchAllTripletLoss(distance, margin, mean);
                double[] x = gaussian(14 * 5);
                long[] labels = random.longs(14, 0, 4).toArray();
                Outcome expected = definition(loss, x, labels);
                for (Kernels kernels : BOTH) {
                    assertClose(expected, run(loss, x, labels, kernels), 1e-5, loss + ", seed " + seed);
                }
                // Float64 in LibTorch: the finite differences are the less exact of the two.
                assertClose(
                        expected, run(loss, x, labels, BOTH.get(1), ScalarType.Double), 1e-7, loss + ", seed " + seed);
            }
        }
    }

    private static void assertClose(Outcome expected, Outcome actual, double tolerance, String where) {
        assertEquals(expected.active(), actual.active(), where);
        assertEquals(expected.triplets(), actual.triplets(), where);
        double scale = Math.max(1, Math.abs(expected.value()));
        assertEquals(expected.value(), actual.value(), tolerance * scale, where);
        assertArrayEquals(expected.gradient(), actual.gradient(), tolerance * scale, where);
    }

    @ParameterizedTest
    @EnumSource
    void isTheLossOfAllMinedTriplets(Distance distance) {
        double margin = 0.3;
        double[] x = gaussian(90 * 20);
        long[] labels = random.longs(90, 0, 5).toArray();
        BatchAllTripletLoss loss = new BatchAllTripletLoss(distance, margin, Mean.ACTIVE);
        Outcome torch = run(loss, x, labels, BOTH.get(1));
        assertClose(torch, run(loss, x, labels, BOTH.get(0)), 1e-5, "seed " + seed);
        try (PointerScope scope = new PointerScope()) {
            Tensor rows = Tensor.create(x, 90, 20).to(ScalarType.Float);
            var triplets = new BatchAllMiner(distance, margin).triplets(Batch.of(rows, Tensor.create(labels)), 0);
            assertEquals(triplets.size(), torch.active(), "seed " + seed);
            double listed = new TripletMarginLoss(distance, Margin.hinge(margin), Mean.ACTIVE)
                    .of(rows, triplets)
                    .item_double();
            assertEquals(listed, torch.value(), 1e-5 * Math.max(1, listed), "seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void batchesWithoutTripletsCostNothing(Distance distance) {
        for (Mean mean : Mean.values()) {
            BatchAllTripletLoss loss = new BatchAllTripletLoss(distance, 0.2, mean);
            for (Kernels kernels : BOTH) {
                assertNothing(run(loss, gaussian(12), new long[] {1, 1, 1, 1}, kernels), 0);
                assertNothing(run(loss, gaussian(12), new long[] {1, 2, 3, 4}, kernels), 0);
                assertNothing(run(loss, gaussian(3), new long[] {1}, kernels), 0);
            }
        }
        BatchAllTripletLoss loss = new BatchAllTripletLoss(Distance.SQUARED_EUCLIDEAN, 0.2, Mean.ACTIVE);
        for (Kernels kernels : BOTH) {
            assertNothing(run(loss, new double[] {0, 0.1, 9, 9.1}, new long[] {0, 0, 1, 1}, kernels), 8);
        }
    }

    private static void assertNothing(Outcome outcome, long triplets) {
        assertEquals(0, outcome.value(), 0);
        assertEquals(0, outcome.active());
        assertEquals(triplets, outcome.triplets());
        for (double g : outcome.gradient()) {
            assertEquals(0, g, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void equalRowsHaveNoGradient(Distance distance) {
        BatchAllTripletLoss loss = new BatchAllTripletLoss(distance, 0.2, Mean.ALL);
        for (double value : new double[] {0, 1}) {
            double[] x = new double[6 * 4];
            Arrays.fill(x, value);
            for (Kernels kernels : BOTH) {
                Outcome outcome = run(loss, x, new long[] {0, 0, 0, 1, 1, 1}, kernels);
                assertEquals(0.2, outcome.value(), 1e-7);
                assertEquals(outcome.triplets(), outcome.active());
                assertArrayEquals(new double[x.length], outcome.gradient());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void duplicatesAndZeroRowsKeepAFiniteGradient(Distance distance) {
        BatchAllTripletLoss loss = new BatchAllTripletLoss(distance, 0.5, Mean.ACTIVE);
        double[] x = gaussian(20 * 6);
        Arrays.fill(x, 0, 12, 0);
        System.arraycopy(x, 18, x, 24, 12);
        long[] labels = random.longs(20, 0, 3).toArray();
        Outcome torch = run(loss, x, labels, BOTH.get(1));
        Outcome over = run(loss, x, labels, BOTH.get(0));
        assertClose(torch, over, 1e-5, "seed " + seed);
        assertTrue(Arrays.stream(over.gradient()).allMatch(Double::isFinite), "seed " + seed);
    }

    @Test
    void hugeValuesDoNotTurnIntoNaN() {
        BatchAllTripletLoss loss = new BatchAllTripletLoss(Distance.EUCLIDEAN, 0.2, Mean.ACTIVE);
        double[] x = {1e19, -1e19, 3e19, 0};
        for (Kernels kernels : BOTH) {
            Outcome outcome = run(loss, x, new long[] {0, 0, 1, 1}, kernels);
            assertTrue(Double.isFinite(outcome.value()) && outcome.value() > 0, outcome.toString());
        }
    }

    @Test
    void bfloat16IsComputedInFloat32() {
        BatchAllTripletLoss loss = new BatchAllTripletLoss(Distance.EUCLIDEAN, 0.25, Mean.ALL);
        double[] x = {0, 1, 1.0078125};
        for (Kernels kernels : BOTH) {
            Outcome outcome = run(loss, x, new long[] {0, 0, 1}, kernels, ScalarType.BFloat16);
            assertEquals((0.2421875 + 1.2421875) / 2, outcome.value(), 1e-7);
        }
    }

    @Test
    void badInputIsRefusedInOneSentence() {
        BatchAllTripletLoss loss = new BatchAllTripletLoss(Distance.EUCLIDEAN, 0.25, Mean.ALL);
        for (Kernels kernels : BOTH) {
            refused(
                    "row 1 of the embeddings is not finite",
                    () -> run(loss, new double[] {1, Double.NaN, 2}, new long[] {0, 0, 1}, kernels));
            try (PointerScope scope = new PointerScope()) {
                Tensor rows = Tensor.create(new float[4], 2, 2);
                refused("int64", () -> loss.of(rows, Tensor.create(0, 1), kernels));
                refused("3 labels for 2", () -> loss.of(rows, Tensor.create(0L, 1L, 1L), kernels));
                refused("1-dimensional", () -> loss.of(rows.flatten(), Tensor.create(0L, 1L), kernels));
            }
        }
        refused("float32", () -> run(loss, new double[2], new long[] {0, 1}, BOTH.get(0), ScalarType.Double));
        for (double margin : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused("the margin must be finite", () -> new BatchAllTripletLoss(Distance.COSINE, margin, Mean.ALL));
        }
    }

    private static void refused(String part, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(part) && !message.contains("\n"), message);
    }
}
