package dev.mien.losses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Triplets;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CrossEntropyLossTest {

    private static final int N = 6;
    private static final int C = 4;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final float[] logits = new float[N * C];
    private final long[] labels = random.longs(N, 0, C).toArray();

    CrossEntropyLossTest() {
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (3 * random.nextGaussian());
        }
    }

    @BeforeAll
    static void load() {
        NativeRuntime.load();
    }

    /** -sum over classes of target * log softmax, weighted by class, over the weights of the labels. */
    private double expected(double smoothing, float[] weights) {
        double sum = 0;
        double total = 0;
        for (int i = 0; i < N; i++) {
            double partition = 0;
            for (int c = 0; c < C; c++) {
                partition += Math.exp(logits[i * C + c]);
            }
            for (int c = 0; c < C; c++) {
                double target = smoothing / C + (c == labels[i] ? 1 - smoothing : 0);
                sum -= weights[c] * target * (logits[i * C + c] - Math.log(partition));
            }
            total += weights[(int) labels[i]];
        }
        return sum / total;
    }

    @Test
    void agreesWithItsDefinition() {
        float[] equal = {1, 1, 1, 1};
        float[] weights = {0.5f, 1, 2, 4};
        try (PointerScope scope = new PointerScope()) {
            Tensor x = Tensor.create(logits, N, C);
            Tensor y = Tensor.create(labels);
            for (double smoothing : new double[] {0, 0.1}) {
                assertEquals(
                        expected(smoothing, equal),
                        new CrossEntropyLoss(smoothing, null).of(x, y).item_double(),
                        1e-5,
                        "seed " + seed);
                assertEquals(
                        expected(smoothing, weights),
                        new CrossEntropyLoss(smoothing, weights).of(x, y).item_double(),
                        1e-5,
                        "seed " + seed);
            }
            Tensor half = new CrossEntropyLoss().of(x.to(ScalarType.BFloat16), y);
            assertEquals(ScalarType.Float, half.scalar_type().intern());
        }
    }

    @Test
    void jointIsTheWeightedSum() {
        Triplets triplets = new Triplets(new long[] {0, 1}, new long[] {2, 3}, new long[] {4, 5});
        Triplets none = new Triplets(new long[0], new long[0], new long[0]);
        TripletMarginLoss triplet = new TripletMarginLoss(Distance.COSINE, Margin.soft(), Mean.ALL);
        CrossEntropyLoss crossEntropy = new CrossEntropyLoss();
        try (PointerScope scope = new PointerScope()) {
            Tensor x = Tensor.create(logits, N, C).set_requires_grad(true);
            Tensor y = Tensor.create(labels);
            double alone = crossEntropy.of(x, y).item_double();
            JointLoss joint = new JointLoss(0.3, crossEntropy, triplet);
            assertEquals(
                    alone + 0.3 * triplet.of(x, triplets).item_double(),
                    joint.of(x, y, x, triplets).item_double(),
                    1e-6,
                    "seed " + seed);
            assertEquals(alone, joint.of(x, y, x, none).item_double(), 1e-6, "seed " + seed);
        }
    }

    @Test
    void badArgumentsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new CrossEntropyLoss(1, null));
        assertThrows(IllegalArgumentException.class, () -> new CrossEntropyLoss(Double.NaN, null));
        assertThrows(IllegalArgumentException.class, () -> new CrossEntropyLoss(0, new float[] {1, 0}));
        assertThrows(IllegalArgumentException.class, () -> new JointLoss(-1, null, null));
        try (PointerScope scope = new PointerScope()) {
            Tensor x = Tensor.create(logits, N, C);
            refused("not (6, 4) and (2)", new CrossEntropyLoss(), x, Tensor.create(0L, 1L));
            refused(
                    "2 class weights for 4 classes",
                    new CrossEntropyLoss(0, new float[] {1, 1}),
                    x,
                    Tensor.create(labels));
        }
    }

    private static void refused(String part, CrossEntropyLoss loss, Tensor logits, Tensor labels) {
        String message = assertThrows(IllegalArgumentException.class, () -> loss.of(logits, labels))
                .getMessage();
        assertTrue(message.contains(part), message);
    }
}
