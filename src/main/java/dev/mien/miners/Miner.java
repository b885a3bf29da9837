package dev.mien.miners;

import dev.mien.kernels.MiningResult;
import org.bytedeco.pytorch.Tensor;

/** Chooses triplets within a batch. No gradient flows through the choice. */
public interface Miner {

    /**
     * Mines one batch.
     *
     * @param embeddings (n, d) float32, any device; gradient recording is off inside
     * @param labels (n) int64
     * @param step counter that keys the sampling of miners that draw; the same (seed, step) draws the same triplets
     * @throws IllegalArgumentException naming the first non-finite row, or when the numbers of rows differ
     */
    MiningResult mine(Tensor embeddings, Tensor labels, long step);

    /** The word used on the command line, such as {@code batch-hard}. */
    String name();
}
