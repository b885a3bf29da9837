package dev.mien.miners;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mien.internal.Gpu;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.NativeKernels;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a GPU, by the real library. */
@Tag("gpu")
class GpuMiningTest extends AbstractCudaMiningTest {

    private static final int ROWS = 1500;
    private static final int COLUMNS = 100;

    @BeforeAll
    static void requireGpu() {
        Gpu.require();
    }

    @Override
    NativeKernels cuda() {
        return new NativeKernels();
    }

    @Override
    Tensor placed(Tensor tensor) {
        return Gpu.placed(tensor);
    }

    @ParameterizedTest
    @EnumSource
    void largeBatchesAreMinedAlike(Distance distance) {
        Random random = new Random(seed);
        float[] values = new float[ROWS * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        long[] labels = random.longs(ROWS, 0, 200).toArray();
        Batch device = Batch.of(placed(Tensor.create(values, ROWS, COLUMNS)), placed(Tensor.create(labels)));
        compare(distance, Batch.of(values, COLUMNS, labels), device, "large");
    }

    @Test
    void tensorsOnTheGpuAreMinedThere() {
        Tensor rows = placed(Tensor.create(new float[] {0, 1, 3, 4}, 4, 1));
        Tensor labels = placed(Tensor.create(0L, 0L, 1L, 1L));
        Miner miner = new BatchHardMiner(Distance.EUCLIDEAN, 0.2);
        assertEquals("[0, 1, 2][1, 0, 2][2, 3, 1][3, 2, 1]", MinersOracleTest.text(miner.triplets(rows, labels, 0)));
    }
}
