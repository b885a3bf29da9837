package dev.mien.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.Compact;
import dev.mien.backbones.Precision;
import dev.mien.data.Dataset;
import dev.mien.data.SchematicFaces;
import dev.mien.internal.NativeRuntime;
import dev.mien.internal.Progress;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.NativeKernels;
import dev.mien.kernels.TorchKernels;
import dev.mien.losses.Margin;
import dev.mien.miners.MinerKind;
import dev.mien.miners.MinerOptions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A training goes the same way whether the native library or LibTorch and plain Java mine for it. */
class KernelsAgreeTest {

    private static final Dataset FACES = SchematicFaces.generate(250, 11);
    private static final MinerOptions MINING = new MinerOptions(Distance.EUCLIDEAN, 0.2);

    @BeforeAll
    static void oneThread() {
        NativeRuntime.setThreads(1); // to the bit only on one thread
    }

    @AfterAll
    static void allThreads() {
        NativeRuntime.setThreads(Runtime.getRuntime().availableProcessors());
    }

    private static TrainingSettings settings(LossKind loss, MinerKind miner, Margin margin) {
        return TrainingSettings.quick(loss)
                .withEpochs(2)
                .withPrecision(Precision.FLOAT32)
                .withMining(miner, MINING, margin);
    }

    private static List<EpochRecord> train(TrainingSettings settings, Kernels kernels) throws IOException {
        try (Backbone backbone = new Compact(1)) {
            return new Trainer(settings, null, Progress.NONE, kernels)
                    .fit(backbone, FACES.train(), FACES.validation(), false)
                    .epochs();
        }
    }

    @Test
    void minedTripletsGiveTheSameLossToTheBit() throws IOException {
        for (MinerKind miner : List.of(MinerKind.SEMI_HARD, MinerKind.DISTANCE_WEIGHTED)) {
            assertSame(settings(LossKind.JOINT, miner, Margin.hinge(0.2)), 0);
        }
    }

    @Test
    void theFusedLossGivesTheSameCurve() throws IOException {
        // The gradients agree to 1e-6, which training amplifies step by step.
        assertSame(settings(LossKind.TRIPLET, MinerKind.BATCH_ALL, Margin.hinge(0.2)), 1e-3);
    }

    private static void assertSame(TrainingSettings settings, double tolerance) throws IOException {
        List<EpochRecord> expected = train(settings, new TorchKernels());
        List<EpochRecord> actual = train(settings, new NativeKernels());
        for (int epoch = 0; epoch < expected.size(); epoch++) {
            EpochRecord e = expected.get(epoch);
            EpochRecord a = actual.get(epoch);
            assertEquals(e.trainLoss(), a.trainLoss(), tolerance * e.trainLoss());
            assertEquals(e.validationLoss(), a.validationLoss(), tolerance * e.validationLoss());
            assertEquals(e.triplets(), a.triplets(), tolerance * e.triplets());
            assertEquals(e.activeFraction(), a.activeFraction(), tolerance);
            assertEquals(e.hardFraction(), a.hardFraction(), tolerance);
            assertEquals(e.meanDistance(), a.meanDistance(), Math.max(tolerance, 1e-12));
        }
    }

    @Test
    void theFusedLossIsThatOfTheListedTriplets() throws IOException {
        // A cap that no anchor reaches lists the triplets.
        TrainingSettings fused = settings(LossKind.TRIPLET, MinerKind.BATCH_ALL, Margin.hinge(0.2))
                .withEpochs(1);
        TrainingSettings listed = fused.withMining(MinerKind.BATCH_ALL, MINING.withCap(1 << 30), Margin.hinge(0.2));
        EpochRecord expected = train(listed, new NativeKernels()).get(0);
        EpochRecord actual = train(fused, new NativeKernels()).get(0);
        assertEquals(expected.trainLoss(), actual.trainLoss(), 1e-4 * expected.trainLoss());
        assertEquals(expected.triplets(), actual.triplets(), 1e-3 * expected.triplets());
        assertEquals(expected.activeFraction(), actual.activeFraction());
    }

    @Test
    void theFusedLossStandsInOnlyWhereItIsTheSame() {
        assertNotNull(
                settings(LossKind.JOINT, MinerKind.BATCH_ALL, Margin.hinge(0.1)).batchAllLoss());
        assertNull(settings(LossKind.TRIPLET, MinerKind.BATCH_ALL, Margin.hinge(0.3))
                .batchAllLoss());
        assertNull(
                settings(LossKind.TRIPLET, MinerKind.BATCH_ALL, Margin.soft()).batchAllLoss());
        assertNull(settings(LossKind.TRIPLET, MinerKind.SEMI_HARD, Margin.hinge(0.2))
                .batchAllLoss());
        assertNull(settings(LossKind.TRIPLET, MinerKind.BATCH_ALL, Margin.hinge(0.2))
                .withMining(MinerKind.BATCH_ALL, MINING.withCap(5), Margin.hinge(0.2))
                .batchAllLoss());
    }
}
