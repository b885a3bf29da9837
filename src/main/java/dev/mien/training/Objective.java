package dev.mien.training;

import dev.mien.backbones.Backbone;
import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.MiningResult;
import dev.mien.kernels.MiningStatistics;
import dev.mien.losses.CrossEntropyLoss;
import dev.mien.losses.JointLoss;
import dev.mien.losses.TripletMarginLoss;
import dev.mien.miners.Miner;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/** What one batch is asked to minimise: cross entropy on the head, triplet loss on the unit sphere, or both. */
final class Objective {

    static {
        NativeRuntime.load();
    }

    private final LossKind kind;
    private final CrossEntropyLoss crossEntropy;
    private final TripletMarginLoss triplet;
    private final JointLoss joint;
    private final Miner miner;

    Objective(TrainingSettings settings) {
        kind = settings.loss();
        crossEntropy = new CrossEntropyLoss(settings.labelSmoothing(), null);
        triplet = settings.tripletLoss();
        joint = new JointLoss(settings.jointWeight(), crossEntropy, triplet);
        miner = kind.mines() ? settings.miner().create(settings.mining().withSeed(settings.seed())) : null;
    }

    /**
     * A batch's loss.
     *
     * @param value scalar, to be differentiated
     * @param logits (b, 7), or null without a trained head
     * @param statistics of the mining, or null without triplets
     */
    record Outcome(Tensor value, Tensor logits, MiningStatistics statistics) {}

    /** The loss of features (b, d) under labels (b); {@code step} keys the miner's draws. */
    Outcome of(Backbone backbone, Tensor features, Tensor labels, long step, boolean training) {
        Tensor logits = kind.trainsHead() ? backbone.logits(features, training) : null;
        if (!kind.mines()) {
            return new Outcome(crossEntropy.of(logits, labels), logits, null);
        }
        Tensor embeddings = normalise(features);
        MiningResult mined = miner.mine(embeddings.detach(), labels, step);
        Tensor value = logits == null
                ? triplet.of(embeddings, mined.triplets())
                : joint.of(logits, labels, embeddings, mined.triplets());
        return new Outcome(value, logits, mined.statistics());
    }

    /** Rows scaled to unit length: the space that triplets are mined in. */
    static Tensor normalise(Tensor features) {
        Tensor norms = features.norm(new ScalarOptional(new Scalar(2.0)), new long[] {1}, true);
        return features.div(norms.clamp_min(new Scalar(1e-12)));
    }
}
