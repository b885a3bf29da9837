package dev.mien.miners;

import dev.mien.data.FloatMatrix;
import dev.mien.kernels.Anchor;
import dev.mien.kernels.Distance;
import dev.mien.kernels.MiningPass;
import dev.mien.kernels.MiningResult;
import dev.mien.kernels.TorchKernels;
import dev.mien.kernels.TripletSink;
import org.bytedeco.pytorch.Tensor;

/**
 * Chooses triplets within a batch. No gradient flows through the choice. Rows are compared by float64 distances; ties go
 * to the lowest row, and an anchor without a positive or without a negative has no triplet.
 */
public interface Miner {

    /** The distance that triplets are chosen by. */
    Distance distance();

    /** The margin of the miner's rule, if it has one, and of its statistics: 0 or more. */
    double margin();

    /** The word used on the command line, such as {@code batch-hard}. */
    String name();

    /**
     * Adds one anchor's triplets, in order of positive and then negative.
     *
     * @param anchor a row with at least one positive and one negative
     * @param step counter that keys the draws of miners that draw
     */
    void select(Anchor anchor, long step, TripletSink chosen);

    /**
     * Mines one batch.
     *
     * @param embeddings (n, d) float32, bfloat16 or float16, any device; gradient recording is off inside
     * @param labels (n) int64, any values
     * @param step counter that keys the sampling of miners that draw; the same (seed, step) draws the same triplets
     * @throws IllegalArgumentException naming the first non-finite row, or when the numbers of rows differ
     */
    default MiningResult mine(Tensor embeddings, Tensor labels, long step) {
        return new TorchKernels()
                .mine(embeddings, labels, distance(), margin(), (anchor, chosen) -> select(anchor, step, chosen));
    }

    /** The same on matrices in Java memory, without LibTorch. */
    default MiningResult mine(FloatMatrix embeddings, long[] labels, long step) {
        return MiningPass.run(
                embeddings.values(),
                embeddings.rows(),
                embeddings.columns(),
                labels,
                distance(),
                margin(),
                (anchor, chosen) -> select(anchor, step, chosen));
    }
}
