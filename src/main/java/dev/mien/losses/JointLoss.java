package dev.mien.losses;

import dev.mien.kernels.Triplets;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Cross entropy on the logits plus {@code weight} times a triplet loss on the embeddings.
 *
 * @param weight of the triplet loss, finite and 0 or more
 */
public record JointLoss(double weight, CrossEntropyLoss crossEntropy, TripletMarginLoss triplet) {

    /** Checks the weight; {@link IllegalArgumentException} otherwise. */
    public JointLoss {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException(
                    "the weight of the triplet loss must be finite and 0 or more, not " + weight);
        }
    }

    /**
     * The loss of a batch; without triplets it is the cross entropy.
     *
     * @param logits (n, c)
     * @param labels (n) int64
     * @param embeddings (n, d)
     * @return scalar, differentiable
     */
    public Tensor of(Tensor logits, Tensor labels, Tensor embeddings, Triplets triplets) {
        return of(logits, labels, triplet.of(embeddings, triplets));
    }

    /** The same with the triplet loss computed already, such as by {@link BatchAllTripletLoss}; a scalar. */
    public Tensor of(Tensor logits, Tensor labels, Tensor tripletLoss) {
        return crossEntropy.of(logits, labels).add(tripletLoss.mul(new Scalar(weight)));
    }
}
