package dev.mien.miners;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.MiningResult;
import org.junit.jupiter.api.Test;

/** Mining past rows that are not finite. */
class NonFiniteRowsTest {

    private static final float NAN = Float.NaN;
    private static final float INFINITE = Float.POSITIVE_INFINITY;

    private final Miner miner = new BatchHardMiner(Distance.EUCLIDEAN, 0.2);

    @Test
    void skippedRowsKeepTheNumbersOfTheOthers() {
        Batch batch = Batch.of(new float[] {NAN, 0, 1, INFINITE, 5, 7}, 1, new long[] {0, 0, 0, 1, 1, 1});
        for (Kernels kernels : BothKernels.LIST) {
            assertThrows(IllegalArgumentException.class, () -> miner.mine(batch, 0, kernels));
            MiningResult mined = miner.mineFinite(batch, 0, kernels);
            assertEquals("[1, 2, 4][2, 1, 4][4, 5, 2][5, 4, 2]", text(mined));
            assertEquals(2, mined.statistics().skippedRows());
            assertEquals(4, mined.statistics().anchors());
        }
    }

    @Test
    void anchorsAndReferencesAreSkippedApart() {
        Batch batch = Batch.of(new float[] {NAN, 0, 5}, 1, new long[] {0, 0, 1})
                .against(new float[] {0, NAN, 1, INFINITE, 5, 7, 8}, new long[] {0, 0, 0, 1, 1, 1, 1}, new long[] {
                    1, 0, 4
                });
        for (Kernels kernels : BothKernels.LIST) {
            MiningResult mined = miner.mineFinite(batch, 0, kernels);
            assertEquals("[1, 2, 4][2, 6, 2]", text(mined));
            assertEquals(3, mined.statistics().skippedRows());
        }
    }

    @Test
    void finiteBatchesAreLeftAlone() {
        Batch batch = Batch.of(new float[] {0, 1, 5, 7}, 1, new long[] {0, 0, 1, 1});
        for (Kernels kernels : BothKernels.LIST) {
            MiningResult mined = miner.mineFinite(batch, 0, kernels);
            assertEquals(text(miner.mine(batch, 0, kernels)), text(mined));
            assertEquals(0, mined.statistics().skippedRows());
        }
    }

    @Test
    void nothingIsLeft() {
        Batch batch = Batch.of(new float[] {NAN, NAN}, 1, new long[] {0, 0});
        for (Kernels kernels : BothKernels.LIST) {
            MiningResult mined = miner.mineFinite(batch, 0, kernels);
            assertArrayEquals(new long[0], mined.triplets().anchor());
            assertEquals(2, mined.statistics().skippedRows());
        }
    }

    private static String text(MiningResult mined) {
        return MinersOracleTest.text(mined.triplets());
    }
}
