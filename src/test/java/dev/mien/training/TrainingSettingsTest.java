package dev.mien.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mien.backbones.Precision;
import dev.mien.kernels.Distance;
import dev.mien.losses.Margin;
import dev.mien.miners.MinerKind;
import dev.mien.miners.MinerOptions;
import org.junit.jupiter.api.Test;

class TrainingSettingsTest {

    private static final TrainingSettings QUICK = TrainingSettings.quick(LossKind.JOINT);

    @Test
    void eachCopyChangesItsComponentAlone() {
        assertEquals(7, QUICK.withEpochs(7).epochs());
        assertEquals(32, QUICK.withBatchSize(32).batchSize());
        assertEquals(5, QUICK.withImagesPerClass(5).imagesPerClass());
        assertEquals(0.25, QUICK.withLearningRate(0.25).learningRate());
        assertEquals(Precision.FLOAT32, QUICK.withPrecision(Precision.FLOAT32).precision());
        assertEquals("cuda", QUICK.withDevice("cuda").device());
        assertEquals(9, QUICK.withSeed(9).seed());
        assertEquals(0.1, QUICK.withJointWeight(0.1).jointWeight());
        assertEquals(Batching.PLAIN, QUICK.withBatching(Batching.PLAIN).batching());
        assertEquals(9, QUICK.withStepsPerEpoch(9).stepsPerEpoch());
        assertEquals(64, QUICK.withMemory(64).memory());
        assertEquals("false", QUICK.withUnitLength(false).notes().get("unit_length"));
        assertEquals(
                QUICK,
                QUICK.withEpochs(7).withSeed(9).withEpochs(QUICK.epochs()).withSeed(QUICK.seed()));
    }

    @Test
    void miningIsChangedTogether() {
        MinerOptions options = new MinerOptions(Distance.COSINE, 0.3);
        TrainingSettings changed = QUICK.withMining(MinerKind.BATCH_ALL, options, Margin.soft());
        assertEquals(MinerKind.BATCH_ALL, changed.miner());
        assertEquals(options, changed.mining());
        assertEquals(Margin.soft(), changed.margin());
        assertEquals(QUICK.epochs(), changed.epochs());
    }

    @Test
    void aCopyIsCheckedLikeAnOriginal() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> QUICK.withEpochs(0));
        assertEquals("epochs is 0; expected 1 to 100000", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> QUICK.withBatchSize(1));
        assertEquals("batch size is 1; expected 2 to 65536", e.getMessage());
    }
}
