package dev.mien.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mien.backbones.Precision;
import dev.mien.training.ClassWeights;
import dev.mien.training.LossKind;
import dev.mien.training.Preset;
import dev.mien.training.TrainingSettings;
import org.junit.jupiter.api.Test;

class TrainingChangesTest {

    private static final TrainingSettings CROSS_ENTROPY = TrainingSettings.of(Preset.PAPER, LossKind.CROSS_ENTROPY);
    private static final TrainingSettings TRIPLET = TrainingSettings.of(Preset.PAPER, LossKind.TRIPLET);

    @Test
    void noneLeavesThePresetAsItIs() {
        assertEquals(TRIPLET, TrainingChanges.NONE.over(TRIPLET));
    }

    @Test
    void epochsAreOfEveryTrainingUnlessThoseWithTripletLossHaveTheirOwn() {
        TrainingChanges both = new TrainingChanges(9, null, null, null, null, null, null);
        assertEquals(CROSS_ENTROPY.withEpochs(9), both.over(CROSS_ENTROPY));
        assertEquals(TRIPLET.withEpochs(9), both.over(TRIPLET));
        TrainingChanges apart = new TrainingChanges(9, 2, null, null, null, null, null);
        assertEquals(CROSS_ENTROPY.withEpochs(9), apart.over(CROSS_ENTROPY));
        assertEquals(TRIPLET.withEpochs(2), apart.over(TRIPLET));
        assertEquals(CROSS_ENTROPY, new TrainingChanges(null, 2, null, null, null, null, null).over(CROSS_ENTROPY));
    }

    @Test
    void learningRateAndClassWeightsAreOfTheTrainingWithCrossEntropy() {
        TrainingChanges changes = new TrainingChanges(null, null, null, null, 1e-4, ClassWeights.ROOT, null);
        assertEquals(
                CROSS_ENTROPY.withLearningRate(1e-4).withClassWeights(ClassWeights.ROOT), changes.over(CROSS_ENTROPY));
        assertEquals(TRIPLET, changes.over(TRIPLET));
    }

    @Test
    void batchesAndPrecision() {
        assertEquals(
                TRIPLET.withBatchSize(32).withImagesPerClass(5).withPrecision(Precision.BFLOAT16),
                new TrainingChanges(null, null, 32, 5, null, null, Precision.BFLOAT16).over(TRIPLET));
    }
}
