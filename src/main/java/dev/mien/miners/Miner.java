package dev.mien.miners;

import dev.mien.data.FloatMatrix;
import dev.mien.kernels.Anchor;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.FiniteRows;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.MiningPass;
import dev.mien.kernels.MiningResult;
import dev.mien.kernels.MiningStatistics;
import dev.mien.kernels.NativeKernels;
import dev.mien.kernels.NativeMining;
import dev.mien.kernels.SelectionRule;
import dev.mien.kernels.TripletSink;
import dev.mien.kernels.Triplets;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Chooses triplets within a batch, or between a batch and other rows. No gradient flows through the choice. Rows are
 * compared by float64 distances; ties go to the lowest row, and an anchor without a positive or without a negative has
 * no triplet. Miners run on {@link Kernels#preferred()}: in the native library, or with MIEN_KERNELS=torch in plain
 * Java ({@link MiningPass}); the triplets are the same.
 *
 * <p>{@code triplets} returns rows alone; {@code mine} adds statistics, which cost all distances in float64. Every form
 * of the two throws {@link IllegalArgumentException} naming the first row that is not finite, or when the numbers of
 * rows differ. {@code step} keys the sampling of miners that draw: the same (seed, step) draws the same triplets.
 */
public interface Miner {

    /** The distance of the miner's rule and of its statistics. */
    Distance distance();

    /** The margin of the miner's rule, if it has one, and of its statistics: 0 or more. */
    double margin();

    /** The word used on the command line, such as {@code batch-hard}. */
    String name();

    /**
     * Adds one anchor's triplets, in order of positive and then negative: the rule in plain Java.
     *
     * @param anchor a row with at least one positive and one negative, and its distances by {@link #selectsBy()}
     * @param step counter that keys the draws of miners that draw
     */
    void select(Anchor anchor, long step, TripletSink chosen);

    /** The distance that {@link #select} sees. */
    default Distance selectsBy() {
        return distance();
    }

    /** The triplets of a batch by the native library; by {@link #select} in plain Java for a miner that it lacks. */
    default Triplets select(NativeMining mining, Batch batch, long step) {
        return MiningPass.triplets(batch, selectsBy(), rule(step));
    }

    /** Triplets of a batch by the given kernels. */
    default Triplets triplets(Batch batch, long step, Kernels kernels) {
        return kernels instanceof NativeKernels over
                ? select(over.mining(), batch, step)
                : MiningPass.triplets(batch, selectsBy(), rule(step));
    }

    /** Triplets of a batch, and what was seen on the way, by the given kernels. */
    default MiningResult mine(Batch batch, long step, Kernels kernels) {
        if (kernels instanceof NativeKernels over) {
            Triplets triplets = select(over.mining(), batch, step);
            return new MiningResult(triplets, statistics(batch, triplets, kernels));
        }
        SelectionRule rule = selectsBy() == distance()
                ? rule(step)
                : ChosenBefore.rule(MiningPass.triplets(batch, selectsBy(), rule(step)));
        return MiningPass.run(batch, distance(), margin(), rule);
    }

    /** What a miner with this distance and margin sees that returned {@code triplets}. */
    default MiningStatistics statistics(Batch batch, Triplets triplets, Kernels kernels) {
        return kernels instanceof NativeKernels over
                ? over.mining().statistics(batch, distance(), margin(), triplets)
                : MiningPass.run(batch, distance(), margin(), ChosenBefore.rule(triplets))
                        .statistics();
    }

    /**
     * Mines the finite rows of a batch as if the others were not there, and counts those. Row numbers are those of the
     * whole batch; draws are keyed by the numbers among the finite rows.
     */
    default MiningResult mineFinite(Batch batch, long step, Kernels kernels) {
        FiniteRows finite = FiniteRows.of(batch);
        MiningResult mined = mine(finite.batch(), step, kernels);
        return new MiningResult(
                finite.inWhole(mined.triplets()), mined.statistics().withSkippedRows(finite.skipped()));
    }

    private SelectionRule rule(long step) {
        return (anchor, chosen) -> select(anchor, step, chosen);
    }

    /** Triplets of a batch. */
    default Triplets triplets(Batch batch, long step) {
        return triplets(batch, step, Kernels.preferred());
    }

    /** Triplets of a batch, and what was seen on the way. */
    default MiningResult mine(Batch batch, long step) {
        return mine(batch, step, Kernels.preferred());
    }

    /** Triplets of a batch in Java memory, without LibTorch; labels (n). */
    default Triplets triplets(FloatMatrix embeddings, long[] labels, long step) {
        return triplets(Batches.of(embeddings, labels), step);
    }

    /** Triplets of a batch in Java memory and what was seen on the way, without LibTorch; labels (n). */
    default MiningResult mine(FloatMatrix embeddings, long[] labels, long step) {
        return mine(Batches.of(embeddings, labels), step);
    }

    /**
     * Triplets of a batch of tensors.
     *
     * @param embeddings (n, d) float32, bfloat16 or float16; mined where they are, the triplets copied to Java memory
     * @param labels (n) int64, any values
     */
    default Triplets triplets(Tensor embeddings, Tensor labels, long step) {
        try (PointerScope scope = new PointerScope()) {
            return triplets(Batch.of(embeddings, labels), step).fetched();
        }
    }

    /** The same and what was seen on the way. */
    default MiningResult mine(Tensor embeddings, Tensor labels, long step) {
        try (PointerScope scope = new PointerScope()) {
            MiningResult mined = mine(Batch.of(embeddings, labels), step);
            mined.triplets().fetched(); // the scope ends before they are used
            return mined;
        }
    }
}
