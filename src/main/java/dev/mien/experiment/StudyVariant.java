package dev.mien.experiment;

import dev.mien.data.Expression;
import dev.mien.evaluation.StudyResults;
import dev.mien.kernels.Distance;
import dev.mien.losses.Margin;
import dev.mien.miners.MinerKind;
import dev.mien.miners.MinerOptions;
import dev.mien.training.Batching;
import dev.mien.training.LossKind;
import dev.mien.training.TrainingSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * One way to train of the triplet study, which differs in one thing from {@code triplet} or from {@code joint-0.5}.
 *
 * @param name such as {@code margin-0.5}
 * @param question the heading it stands under, such as {@code Margin}
 * @param settings of the training
 * @param keepsConflicts whether images whose identical twin carries another label are trained on
 * @param fromScratch whether it starts from random weights and trains for the whole budget, not from the base model
 */
public record StudyVariant(
        String name, String question, TrainingSettings settings, boolean keepsConflicts, boolean fromScratch) {

    /** What all others are compared with: more cross entropy, in plain batches. */
    public static final String CONTROL = "cross-entropy";

    /** What most variants differ from in one thing. */
    public static final String TRIPLET = "triplet";

    private static final double RATE = 0.01;
    private static final double MARGIN = 0.2;
    private static final int MEMORY = 1024;
    private static final double[] JOINT_WEIGHTS = {0.1, 0.3, 1};

    // The same margin by other distances: each 0.26 of the mean distance of two classes, measured on base embeddings.
    private static final double SQUARED_MARGIN = 0.15;
    private static final double MANHATTAN_MARGIN = 3.5;
    private static final double COSINE_MARGIN = 0.08;
    private static final double UNSCALED_MARGIN = 1.6;

    /** All variants, for so many steps; that from scratch for as many again in each of the base model's epochs. */
    static List<StudyVariant> all(int steps, int baseEpochs) {
        List<StudyVariant> all = new ArrayList<>(controls(steps));
        all.addAll(alone(steps));
        all.addAll(together(steps));
        TrainingSettings whole = TrainingSettings.quick(LossKind.TRIPLET)
                .withStepsPerEpoch(steps)
                .withEpochs(baseEpochs + 1)
                .withLearningRate(TrainingSettings.quick(LossKind.CROSS_ENTROPY).learningRate());
        all.add(new StudyVariant("triplet-from-scratch", "Start", whole, false, true));
        return all;
    }

    private static List<StudyVariant> controls(int steps) {
        TrainingSettings plain = brief(LossKind.CROSS_ENTROPY, steps);
        return List.of(
                new StudyVariant(CONTROL, StudyResults.CROSS_ENTROPY, plain.withBatchSize(batch(plain)), true, false),
                new StudyVariant(
                        "cross-entropy-balanced",
                        StudyResults.CROSS_ENTROPY,
                        plain.withBatching(Batching.BALANCED),
                        true,
                        false));
    }

    /** Images of a step, be its batch plain or balanced. */
    static int batch(TrainingSettings settings) {
        return Expression.COUNT * settings.imagesPerClass();
    }

    private static TrainingSettings brief(LossKind loss, int steps) {
        return TrainingSettings.quick(loss)
                .withEpochs(1)
                .withStepsPerEpoch(steps)
                .withLearningRate(RATE);
    }

    private static List<StudyVariant> alone(int steps) {
        TrainingSettings base = brief(LossKind.TRIPLET, steps);
        List<StudyVariant> all = new ArrayList<>();
        all.add(of(TRIPLET, "Triplet", base));
        all.add(of(
                "squared-euclidean",
                "Distance",
                base,
                MinerKind.SEMI_HARD,
                Distance.SQUARED_EUCLIDEAN,
                SQUARED_MARGIN));
        all.add(of("manhattan", "Distance", base, MinerKind.SEMI_HARD, Distance.MANHATTAN, MANHATTAN_MARGIN));
        all.add(of("cosine", "Distance", base, MinerKind.SEMI_HARD, Distance.COSINE, COSINE_MARGIN));
        all.add(of(
                "not-normalised",
                "Distance",
                base.withUnitLength(false),
                MinerKind.SEMI_HARD,
                Distance.EUCLIDEAN,
                UNSCALED_MARGIN));
        for (MinerKind miner : MinerKind.values()) {
            if (miner != MinerKind.SEMI_HARD) {
                all.add(of(miner.word(), "Miner", base, miner, Distance.EUCLIDEAN, MARGIN));
            }
        }
        MinerOptions window = base.mining().withRanks(2, 5);
        all.add(of("batch-hard-2-to-5", "Miner", base.withMining(MinerKind.BATCH_HARD, window, base.margin())));
        all.add(of("margin-0.1", "Margin", base, MinerKind.SEMI_HARD, Distance.EUCLIDEAN, 0.1));
        all.add(of("margin-0.5", "Margin", base, MinerKind.SEMI_HARD, Distance.EUCLIDEAN, 0.5));
        all.add(of("soft-margin", "Margin", base.withMining(base.miner(), base.mining(), Margin.soft())));
        all.add(of("plain-batches", "Batches", base.withBatching(Batching.PLAIN).withBatchSize(batch(base))));
        all.add(new StudyVariant("conflicts-kept", "Label noise", base, true, false));
        all.add(of("memory-" + MEMORY, "Cross-batch memory", base.withMemory(MEMORY)));
        return all;
    }

    private static List<StudyVariant> together(int steps) {
        TrainingSettings base = brief(LossKind.JOINT, steps);
        List<StudyVariant> all = new ArrayList<>();
        for (double weight : JOINT_WEIGHTS) {
            all.add(of("joint-" + (weight == 1 ? "1" : weight), "Joint", base.withJointWeight(weight)));
        }
        MinerOptions mining = new MinerOptions(Distance.EUCLIDEAN, MARGIN);
        all.add(of(
                "joint-0.3-batch-all",
                "Joint",
                base.withJointWeight(0.3).withMining(MinerKind.BATCH_ALL, mining, Margin.hinge(MARGIN))));
        all.add(of(
                "joint-0.3-plain",
                "Joint",
                base.withJointWeight(0.3).withBatching(Batching.PLAIN).withBatchSize(batch(base))));
        return all;
    }

    private static StudyVariant of(String name, String question, TrainingSettings settings) {
        return new StudyVariant(name, question, settings, false, false);
    }

    private static StudyVariant of(
            String name, String question, TrainingSettings base, MinerKind miner, Distance distance, double margin) {
        return of(name, question, base.withMining(miner, new MinerOptions(distance, margin), Margin.hinge(margin)));
    }
}
