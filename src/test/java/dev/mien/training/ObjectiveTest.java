package dev.mien.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.Compact;
import dev.mien.backbones.Vgg19;
import dev.mien.data.Dataset;
import dev.mien.data.Mixup;
import dev.mien.data.SchematicFaces;
import dev.mien.kernels.Distance;
import dev.mien.kernels.NativeKernels;
import dev.mien.losses.Margin;
import dev.mien.miners.MinerKind;
import dev.mien.miners.MinerOptions;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class ObjectiveTest {

    private static final int[] COUNTS = {10, 10, 10, 40, 10, 10, 10};
    private static final int[] LABELS = {3, 0, 6};
    private static final int[] PARTNERS = {1, 2, 0};

    /** The cross entropy of one row by its definition, with the mass of smoothing spread evenly. */
    private static double crossEntropy(float[] logits, int row, int label, double smoothing) {
        double sum = 0;
        for (int i = 0; i < 7; i++) {
            sum += Math.exp(logits[row * 7 + i]);
        }
        double loss = 0;
        for (int i = 0; i < 7; i++) {
            double target = (i == label ? 1 - smoothing : 0) + smoothing / 7;
            loss -= target * (logits[row * 7 + i] - Math.log(sum));
        }
        return loss;
    }

    private static double mean(float[] logits, int[] labels, double smoothing) {
        double sum = 0;
        for (int row = 0; row < labels.length; row++) {
            sum += crossEntropy(logits, row, labels[row], smoothing);
        }
        return sum / labels.length;
    }

    @Test
    void aMixedLossIsTheWeightedSumOfBoth() {
        TrainingSettings settings = TrainingSettings.flagship(LossKind.CROSS_ENTROPY);
        try (Backbone backbone = new Vgg19(1); // its head has no dropout
                PointerScope scope = new PointerScope()) {
            Tensor features = torch.randn(3, backbone.featureCount()).mul_(new Scalar(10.0));
            Tensor labels = Tensors.labels(LABELS, new Device("cpu"));
            Objective objective = new Objective(settings, COUNTS, null, null);
            Objective.Outcome mixed = objective.ofMixed(backbone, features, labels, new Mixup(0.7, PARTNERS));
            float[] logits = new float[21];
            new FloatPointer(mixed.logits().detach().contiguous().data_ptr()).get(logits);
            double expected = 0.7 * mean(logits, LABELS, 0.1) + 0.3 * mean(logits, new int[] {0, 6, 3}, 0.1);
            assertEquals(expected, mixed.value().item_double(), 1e-5);
        }
    }

    @Test
    void classesWeighByFrequency() {
        assertNull(ClassWeights.EQUAL.of(COUNTS));
        float mean = 100 / 7f;
        float[] balanced = ClassWeights.BALANCED.of(COUNTS);
        assertEquals(mean / 10, balanced[0], 1e-6);
        assertEquals(mean / 40, balanced[3], 1e-6);
        assertEquals(2, ClassWeights.ROOT.of(COUNTS)[0] / ClassWeights.ROOT.of(COUNTS)[3], 1e-6);
        assertEquals(0.5, ClassWeights.BALANCED.of(new int[] {0, 1})[0], 1e-6, "an absent class weighs as one image");
    }

    @Test
    void classWeightsReachTheLoss() {
        TrainingSettings settings =
                TrainingSettings.quick(LossKind.CROSS_ENTROPY).withClassWeights(ClassWeights.BALANCED);
        try (Backbone backbone = new Vgg19(1);
                PointerScope scope = new PointerScope()) {
            Tensor features = torch.randn(3, backbone.featureCount()).mul_(new Scalar(10.0));
            Objective.Outcome outcome = new Objective(settings, COUNTS, null, null)
                    .of(backbone, features, Tensors.labels(LABELS, new Device("cpu")), 0, true);
            float[] logits = new float[21];
            new FloatPointer(outcome.logits().detach().contiguous().data_ptr()).get(logits);
            double balanced = 0;
            double all = 0;
            for (int row = 0; row < 3; row++) {
                double weight = LABELS[row] == 3 ? 0.25 : 1;
                // LibTorch weighs each class's share of a smoothed target by that class's weight.
                balanced += 0.9 * weight * crossEntropy(logits, row, LABELS[row], 0);
                for (int label = 0; label < 7; label++) {
                    balanced += 0.1 / 7 * (label == 3 ? 0.25 : 1) * crossEntropy(logits, row, label, 0);
                }
                all += weight;
            }
            assertEquals(balanced / all, outcome.value().item_double(), 1e-5);
        }
    }

    /** Two steps of a memory of three rows: what the second batch is mined against, by the definition. */
    @Test
    void aMemoryAddsEarlierRowsWithoutGradient() {
        double margin = 10; // every triplet costs something
        TrainingSettings settings = TrainingSettings.quick(LossKind.TRIPLET)
                .withUnitLength(false)
                .withMemory(3)
                .withMining(MinerKind.BATCH_HARD, new MinerOptions(Distance.EUCLIDEAN, margin), Margin.hinge(margin));
        try (PointerScope scope = new PointerScope()) {
            EmbeddingMemory memory = new EmbeddingMemory(3, 2, new Device("cpu"));
            Objective objective = new Objective(settings, COUNTS, new NativeKernels(), memory);
            float[] first = {0, 0, 3, 0, 9, 0, 20, 0}; // its first row is forgotten
            Tensor labels = Tensors.labels(new int[] {0, 0, 1, 1}, new Device("cpu"));
            assertEquals(
                    (3 - 9 + margin + 3 - 6 + margin + 11 - 6 + margin + 11 - 17 + margin) / 4,
                    objective.of(null, rows(first, 4), labels, 0, true).value().item_double(),
                    1e-5);
            Tensor second = rows(new float[] {1, 0, 7, 0}, 2).requires_grad_(true);
            Tensor loss = objective
                    .of(null, second, Tensors.labels(new int[] {0, 1}, new Device("cpu")), 1, true)
                    .value();
            // Anchor 1: positive 3, nearest negative 7 (of its own batch). Anchor 7: positive 20, nearest negative 3.
            assertEquals((2 - 6 + margin + 13 - 4 + margin) / 2, loss.item_double(), 1e-5);
            loss.backward();
            float[] slope = new float[4];
            new FloatPointer(second.grad().data_ptr()).get(slope);
            assertArrayEquals(new float[] {0, 0, -1.5f, 0}, slope, 1e-5f);

            objective.newEpoch();
            assertEquals(0, memory.rows().size(0));
        }
    }

    private static Tensor rows(float[] values, long n) {
        return Tensor.create(values, n, values.length / n);
    }

    @Test
    void anEpochEndsAfterItsSteps() throws IOException {
        Dataset faces = SchematicFaces.generate(250, 11);
        TrainingSettings settings = TrainingSettings.quick(LossKind.CROSS_ENTROPY)
                .withEpochs(2)
                .withBatching(Batching.BALANCED)
                .withImagesPerClass(2)
                .withStepsPerEpoch(3);
        AtomicLong steps = new AtomicLong();
        try (Backbone backbone = new Compact(1)) {
            new Trainer(settings, null, (task, done, total) -> steps.set(total == 6 ? done : -1))
                    .fit(backbone, faces.train(), faces.validation(), false);
        }
        assertEquals(6, steps.get());
    }

    @Test
    void aMemoryNeedsTripletsToList() {
        TrainingSettings memory = TrainingSettings.quick(LossKind.TRIPLET).withMemory(8);
        MinerOptions options = new MinerOptions(Distance.EUCLIDEAN, 0.2);
        assertThrows(
                IllegalArgumentException.class,
                () -> memory.withMining(MinerKind.BATCH_ALL, options, Margin.hinge(0.2)));
        assertEquals(
                8,
                memory.withMining(MinerKind.BATCH_ALL, options.withCap(5), Margin.hinge(0.2))
                        .memory());
    }

    @Test
    void minedBatchesAreNotMixed() {
        assertThrows(IllegalArgumentException.class, () -> TrainingSettings.flagship(LossKind.JOINT)
                .withMixup(0.2));
    }
}
