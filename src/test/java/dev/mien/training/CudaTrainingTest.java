package dev.mien.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.Compact;
import dev.mien.backbones.Precision;
import dev.mien.data.Dataset;
import dev.mien.data.SchematicFaces;
import dev.mien.internal.NativeRuntime;
import dev.mien.internal.Progress;
import dev.mien.kernels.CudaOnHost;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.NativeKernels;
import dev.mien.losses.Margin;
import dev.mien.miners.MinerKind;
import dev.mien.miners.MinerOptions;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A training whose triplets are mined by the CUDA library, on the host, and stay tensors, goes the same way. */
class CudaTrainingTest {

    private static final Dataset FACES = SchematicFaces.generate(100, 11);

    @BeforeAll
    static void oneThread() {
        NativeRuntime.setThreads(1); // to the bit only on one thread
    }

    @AfterAll
    static void allThreads() {
        NativeRuntime.setThreads(Runtime.getRuntime().availableProcessors());
    }

    private static EpochRecord train(LossKind loss, MinerKind miner, Kernels kernels) throws IOException {
        TrainingSettings settings = TrainingSettings.quick(loss)
                .withEpochs(1)
                .withPrecision(Precision.FLOAT32)
                .withMining(miner, new MinerOptions(Distance.EUCLIDEAN, 0.2), Margin.hinge(0.2));
        try (Backbone backbone = new Compact(1)) {
            return new Trainer(settings, null, Progress.NONE, kernels)
                    .fit(backbone, FACES.train(), FACES.validation(), false)
                    .epochs()
                    .get(0);
        }
    }

    private static void assertSame(LossKind loss, MinerKind miner, double tolerance) throws IOException {
        EpochRecord e = train(loss, miner, new NativeKernels());
        EpochRecord a = train(loss, miner, CudaOnHost.kernels());
        assertEquals(e.trainLoss(), a.trainLoss(), tolerance * e.trainLoss());
        assertEquals(e.validationLoss(), a.validationLoss(), tolerance * e.validationLoss());
        assertEquals(e.triplets(), a.triplets(), tolerance * e.triplets());
        assertEquals(e.activeFraction(), a.activeFraction(), tolerance);
    }

    @Test
    void minedTripletsGiveTheSameLossToTheBit() throws IOException {
        assertSame(LossKind.JOINT, MinerKind.SEMI_HARD, 0);
        assertSame(LossKind.TRIPLET, MinerKind.BATCH_HARD, 0);
    }

    @Test
    void theFusedLossGivesTheSameCurve() throws IOException {
        assertSame(LossKind.TRIPLET, MinerKind.BATCH_ALL, 1e-3);
    }
}
