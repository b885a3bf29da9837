package dev.mien.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.Vgg19;
import dev.mien.data.Mixup;
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
            Objective objective = new Objective(settings, COUNTS, null);
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
            Objective.Outcome outcome = new Objective(settings, COUNTS, null)
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

    @Test
    void minedBatchesAreNotMixed() {
        assertThrows(IllegalArgumentException.class, () -> TrainingSettings.flagship(LossKind.JOINT)
                .withMixup(0.2));
    }
}
