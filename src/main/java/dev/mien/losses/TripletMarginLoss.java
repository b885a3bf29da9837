package dev.mien.losses;

import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Distance;
import dev.mien.kernels.TripletTensors;
import dev.mien.kernels.Triplets;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The triplet loss over mined triplets: the mean of {@code margin.cost(dp - dn)} (Schroff et al., "FaceNet", 2015).
 *
 * @param mean over active triplets (Hermans et al.'s BA with non-zero terms only) or over all of them
 */
public record TripletMarginLoss(Distance distance, Margin margin, Mean mean) {

    static {
        NativeRuntime.load();
    }

    /**
     * From this many triplets per pair of rows on, all distances are computed once and looked up: gathering rows costs
     * traffic for t x d values, forward and back, where the matrix costs n x n x d arithmetic. Measured at n=256 d=512,
     * two cores: 6,553 triplets take 24 ms gathered, any number up to 65,536 takes 18 ms by the matrix.
     */
    private static final double MATRIX_SHARE = 0.08;

    /**
     * The loss of a batch.
     *
     * @param embeddings (n, d) float32 or float64; bfloat16 and float16 are computed in float32
     * @param triplets rows of {@code embeddings}
     * @return scalar, differentiable; without triplets 0 with a zero gradient, never NaN
     * @throws IllegalArgumentException if embeddings are no matrix or a triplet names a row outside of it
     */
    public Tensor of(Tensor embeddings, Triplets triplets) {
        if (embeddings.dim() != 2) {
            throw new IllegalArgumentException(
                    "embeddings have %d dimensions; a matrix (n, d) is needed".formatted(embeddings.dim()));
        }
        TripletTensors at = TripletTensors.of(triplets, embeddings.size(0), embeddings.device());
        Tensor rows = accumulating(embeddings);
        if (triplets.size() == 0) {
            // A sum over no rows: 0, connected to the graph even where a row is not finite.
            return rows.narrow(0, 0, 0).sum();
        }
        Tensor cost = margin.cost(violations(rows, at));
        if (mean == Mean.ALL) {
            return cost.mean();
        }
        Tensor active = cost.detach().gt(new Scalar(0.0)).sum().clamp_min(new Scalar(1.0));
        return cost.sum().div(active);
    }

    /** dp - dn of every triplet, (t). */
    private Tensor violations(Tensor rows, TripletTensors at) {
        PairDistances distances = new PairDistances(rows, distance);
        long count = rows.size(0);
        if (at.anchor().size(0) < MATRIX_SHARE * count * count) {
            return distances.ofPairs(at.anchor(), at.positive()).sub(distances.ofPairs(at.anchor(), at.negative()));
        }
        Tensor all = distances.matrix().flatten();
        Tensor offset = at.anchor().mul(new Scalar(count));
        return all.index_select(0, offset.add(at.positive())).sub(all.index_select(0, offset.add(at.negative())));
    }

    private static Tensor accumulating(Tensor values) {
        ScalarType type = values.scalar_type().intern();
        return type == ScalarType.Float || type == ScalarType.Double ? values : values.to(ScalarType.Float);
    }
}
