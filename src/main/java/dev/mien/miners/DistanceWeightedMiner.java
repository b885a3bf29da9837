package dev.mien.miners;

import dev.mien.kernels.Anchor;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.NativeMining;
import dev.mien.kernels.TripletSink;
import dev.mien.kernels.Triplets;

/**
 * For every ordered pair of anchor and positive a negative drawn as if the distances of negatives were uniform, in any
 * dimension (Wu et al., "Sampling Matters in Deep Embedding Learning", 2017): rows are divided by their norms, and a
 * negative at the Euclidean distance t, at least 0.5, weighs one over the density of such distances between random points
 * of the unit sphere. At 1.4 or farther it weighs nothing, unless all are: then all weigh the same.
 *
 * @param distance used by the statistics only, as is the margin: the draws are those of the unit sphere
 * @param seed keys the draws
 */
public record DistanceWeightedMiner(Distance distance, double margin, long seed) implements Miner {

    private static final double NEAREST = 0.5;
    private static final double FARTHEST = 1.4;

    /** Checks the margin; {@link IllegalArgumentException} otherwise. */
    public DistanceWeightedMiner {
        Checks.margin(margin);
    }

    @Override
    public String name() {
        return MinerKind.DISTANCE_WEIGHTED.word();
    }

    /** Half the squared Euclidean distance of the rows divided by their norms. */
    @Override
    public Distance selectsBy() {
        return Distance.COSINE;
    }

    @Override
    public Triplets select(NativeMining mining, Batch batch, long step) {
        return mining.distanceWeighted(batch, seed, step);
    }

    @Override
    public void select(Anchor anchor, long step, TripletSink chosen) {
        double[] sums = weightSums(anchor);
        for (int i = 0; i < anchor.positiveCount(); i++) {
            int positive = anchor.positive(i);
            double drawn = CounterRandom.unit(seed, step, anchor.row(), positive) * sums[sums.length - 1];
            chosen.add(positive, anchor.negative(firstAbove(sums, drawn)));
        }
    }

    /** The weights of the negatives up to and including each, the largest weight being 1. */
    private static double[] weightSums(Anchor anchor) {
        double[] sums = new double[anchor.negativeCount()];
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < sums.length; i++) {
            sums[i] = logWeight(anchor.distance(anchor.negative(i)), anchor.columns());
            largest = Math.max(largest, sums[i]);
        }
        double sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += largest == Double.NEGATIVE_INFINITY ? 1 : Math.exp(sums[i] - largest);
            sums[i] = sum;
        }
        return sums;
    }

    private static double logWeight(double cosine, int dimension) {
        double t = Math.sqrt(2 * cosine);
        if (t >= FARTHEST) {
            return Double.NEGATIVE_INFINITY;
        }
        double at = Math.max(t, NEAREST);
        return (2.0 - dimension) * Math.log(at) - (dimension - 3.0) / 2 * Math.log(1 - at * at / 4);
    }

    private static int firstAbove(double[] sums, double drawn) {
        int low = 0;
        int high = sums.length - 1; // the last is above: drawn is a number below 1 times it
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sums[middle] > drawn) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
