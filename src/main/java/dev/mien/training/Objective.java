package dev.mien.training;

import dev.mien.backbones.Backbone;
import dev.mien.data.Mixup;
import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.MiningResult;
import dev.mien.kernels.MiningStatistics;
import dev.mien.kernels.Triplets;
import dev.mien.losses.BatchAllTripletLoss;
import dev.mien.losses.CrossEntropyLoss;
import dev.mien.losses.JointLoss;
import dev.mien.losses.TripletMarginLoss;
import dev.mien.miners.Miner;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** What one batch is asked to minimise: cross entropy on the head, triplet loss on the embeddings, or both. */
final class Objective {

    static {
        NativeRuntime.load();
    }

    private static final Triplets NONE = new Triplets(new long[0], new long[0], new long[0]);

    private final LossKind kind;
    private final CrossEntropyLoss crossEntropy;
    private final TripletMarginLoss triplet;
    private final BatchAllTripletLoss batchAll;
    private final JointLoss joint;
    private final Miner miner;
    private final Kernels kernels;
    private final boolean unitLength;
    private final EmbeddingMemory memory; // or null

    /**
     * @param counts training images per class
     * @param kernels what mines, or null without mining
     * @param memory what training batches are mined against beside themselves, or null
     */
    Objective(TrainingSettings settings, int[] counts, Kernels kernels, EmbeddingMemory memory) {
        this.kernels = kernels;
        this.memory = memory;
        unitLength = settings.unitLength();
        kind = settings.loss();
        crossEntropy = new CrossEntropyLoss(
                settings.labelSmoothing(), settings.classWeights().of(counts));
        triplet = settings.tripletLoss();
        batchAll = settings.batchAllLoss();
        joint = new JointLoss(settings.jointWeight(), crossEntropy, triplet);
        miner = kind.mines() ? settings.miner().create(settings.mining().withSeed(settings.seed())) : null;
    }

    /**
     * A batch's loss.
     *
     * @param value scalar, to be differentiated
     * @param logits (b, 7), or null without a trained head
     * @param statistics of the mining while training, or null
     */
    record Outcome(Tensor value, Tensor logits, MiningStatistics statistics) {}

    /** To be called before the first step of an epoch. */
    void newEpoch() {
        if (memory != null) {
            memory.clear();
        }
    }

    /** The loss of features (b, d) under labels (b); {@code step} keys the miner's draws. */
    Outcome of(Backbone backbone, Tensor features, Tensor labels, long step, boolean training) {
        Tensor logits = kind.trainsHead() ? backbone.logits(features, training) : null;
        if (!kind.mines()) {
            return new Outcome(crossEntropy.of(logits, labels), logits, null);
        }
        Tensor embeddings = unitLength ? normalise(features) : features;
        Term term = memory != null && training
                ? againstMemory(embeddings, labels, step)
                : tripletTerm(embeddings, labels, step, training);
        Tensor value = logits == null ? term.value : joint.of(logits, labels, term.value);
        return new Outcome(value, logits, term.statistics);
    }

    /** The cross entropy of blended images: under their own labels and under their partners', weighted as they are. */
    Outcome ofMixed(Backbone backbone, Tensor features, Tensor labels, Mixup mixup) {
        Tensor logits = backbone.logits(features, true);
        Tensor own = crossEntropy.of(logits, labels);
        Tensor others = crossEntropy.of(logits, mixup.partnersOf(labels));
        Tensor value = own.mul(new Scalar(mixup.weight())).add(others, new Scalar(1 - mixup.weight()));
        return new Outcome(value, logits, null);
    }

    private record Term(Tensor value, MiningStatistics statistics) {}

    /** The triplet loss, with statistics where they go into the log. */
    private Term tripletTerm(Tensor embeddings, Tensor labels, long step, boolean counting) {
        Batch batch = Batch.of(embeddings, labels);
        if (batchAll != null) {
            BatchAllTripletLoss.Result all = batchAll.of(embeddings, labels, kernels);
            MiningStatistics seen = counting ? miner.statistics(batch, NONE, kernels) : null;
            return new Term(all.value(), seen == null ? null : seen.withActiveTriplets(all.active()));
        }
        if (!counting) {
            return new Term(triplet.of(embeddings, miner.triplets(batch, step, kernels)), null);
        }
        MiningResult mined = miner.mine(batch, step, kernels);
        return new Term(triplet.of(embeddings, mined.triplets()), mined.statistics());
    }

    /** The same over the batch followed by the memory; gradients reach the batch's own rows only. */
    private Term againstMemory(Tensor embeddings, Tensor labels, long step) {
        Tensor rows = torch.cat(new TensorVector(embeddings, memory.rows()));
        Tensor classes = torch.cat(new TensorVector(labels, memory.labels()));
        long[] self = LongStream.range(0, embeddings.size(0)).toArray();
        Batch batch = Batch.of(embeddings, labels).against(rows, classes, self);
        MiningResult mined = miner.mine(batch, step, kernels);
        memory.add(embeddings, labels);
        return new Term(triplet.of(rows, mined.triplets()), mined.statistics());
    }

    /** Rows scaled to unit length: the space that triplets are mined in. */
    static Tensor normalise(Tensor features) {
        Tensor norms = features.norm(new ScalarOptional(new Scalar(2.0)), new long[] {1}, true);
        return features.div(norms.clamp_min(new Scalar(1e-12)));
    }
}
