package dev.mien.training;

import dev.mien.backbones.Precision;
import dev.mien.data.Augmentation;
import dev.mien.internal.Records;
import dev.mien.kernels.Distance;
import dev.mien.losses.BatchAllTripletLoss;
import dev.mien.losses.Margin;
import dev.mien.losses.Mean;
import dev.mien.losses.TripletMarginLoss;
import dev.mien.miners.BatchAllMiner;
import dev.mien.miners.MinerKind;
import dev.mien.miners.MinerOptions;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Map;

/**
 * How a model is trained. Made by {@link #of} and varied by the {@code with} methods.
 *
 * @param loss what is minimised
 * @param epochs at most; COSINE spans exactly these
 * @param batching plain or class-balanced batches
 * @param batchSize images per step of plain batches
 * @param imagesPerClass K of the class-balanced 7 x K batches
 * @param stepsPerEpoch an epoch ends after so many batches, if not sooner; 0 for one that shows every image
 * @param learningRate peak rate of SGD
 * @param momentum of SGD
 * @param weightDecay L2 on convolution and head weights
 * @param schedule of the learning rate
 * @param patience epochs without a better validation score before training stops
 * @param selectByAccuracy keep the weights of the best validation accuracy; otherwise of the lowest validation loss
 * @param labelSmoothing of the cross entropy, 0..1
 * @param classWeights of the cross entropy
 * @param mixup both parameters of the Beta distribution of {@link dev.mien.data.Mixup}; 0 mixes nothing, as mining demands
 * @param averaging decay of the average of weights over steps (see {@link WeightAverage}) that is validated and kept; 0
 *     keeps the weights themselves
 * @param augmentation of training images
 * @param miner how triplets are chosen
 * @param mining distance, margin and semantics of the miner; its seed is this record's
 * @param margin of the triplet loss: a hinge or the soft margin
 * @param unitLength whether triplets are mined, and their loss taken, on features scaled to unit length
 * @param memory embeddings of the epoch's latest batches that a batch is mined against, too (Wang et al., "Cross-Batch
 *     Memory for Embedding Learning", 2020); 0 for none
 * @param jointWeight weight of the triplet term beside the cross entropy (JOINT)
 * @param precision of the convolutions
 * @param device where tensors live: {@code cpu} or {@code cuda}
 * @param seed of sampling, augmentation and dropout
 */
public record TrainingSettings(
        LossKind loss,
        int epochs,
        Batching batching,
        int batchSize,
        int imagesPerClass,
        int stepsPerEpoch,
        double learningRate,
        double momentum,
        double weightDecay,
        Schedule schedule,
        int patience,
        boolean selectByAccuracy,
        double labelSmoothing,
        ClassWeights classWeights,
        double mixup,
        double averaging,
        Augmentation augmentation,
        MinerKind miner,
        MinerOptions mining,
        Margin margin,
        boolean unitLength,
        int memory,
        double jointWeight,
        Precision precision,
        String device,
        long seed) {

    private static final int IMAGES_PER_CLASS = 18;
    private static final Margin MARGIN = new Margin.Hinge(0.2);
    private static final MinerOptions MINING = new MinerOptions(Distance.EUCLIDEAN, 0.2);

    /** Checks the ranges; {@link IllegalArgumentException} names the value. */
    public TrainingSettings {
        check("epochs", epochs, 1, 100_000);
        check("batch size", batchSize, 2, 1 << 16);
        check("images per class", imagesPerClass, 2, 1 << 16);
        check("steps per epoch", stepsPerEpoch, 0, 1 << 30);
        check("memory", memory, 0, 1 << 20);
        check("learning rate", learningRate, 0, 100);
        check("momentum", momentum, 0, 1);
        check("weight decay", weightDecay, 0, 1);
        check("patience", patience, 1, 100_000);
        check("label smoothing", labelSmoothing, 0, 1);
        check("mixup", mixup, 0, 100);
        check("averaging", averaging, 0, 0.999999);
        check("joint weight", jointWeight, 0, 1000);
        if (mixup > 0 && loss.mines()) {
            throw new IllegalArgumentException(
                    "mixup needs the loss cross-entropy: an image of two labels can be no one's positive");
        }
        if (memory > 0 && miner == MinerKind.BATCH_ALL && mining.capPerAnchor() == BatchAllMiner.NO_CAP) {
            throw new IllegalArgumentException("a memory needs a miner other than batch-all, or a cap on its triplets");
        }
    }

    private static void check(String name, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            DecimalFormat plain = new DecimalFormat("0.######", DecimalFormatSymbols.getInstance(Locale.ROOT));
            throw new IllegalArgumentException("%s is %s; expected %s to %s"
                    .formatted(name, plain.format(value), plain.format(low), plain.format(high)));
        }
    }

    /** The recipe of a preset for one loss. */
    public static TrainingSettings of(Preset preset, LossKind loss) {
        return switch (preset) {
            case PAPER -> paper(loss);
            case QUICK -> quick(loss);
            case FLAGSHIP -> flagship(loss);
        };
    }

    /**
     * Liman and Kusuma (2024), section 3: at most 75 epochs of SGD at 0.001 with momentum 0.9, ReduceLROnPlateau with
     * patience 3, early stopping after 10 epochs on the validation loss, best weights kept.
     */
    public static TrainingSettings paper(LossKind loss) {
        return new TrainingSettings(
                loss,
                75,
                Batching.of(loss),
                64,
                IMAGES_PER_CLASS,
                0,
                0.001,
                0.9,
                0,
                Schedule.PLATEAU,
                10,
                false,
                0,
                ClassWeights.EQUAL,
                0,
                0,
                Augmentation.FLIP_AND_CROP,
                MinerKind.SEMI_HARD,
                MINING,
                MARGIN,
                true,
                0,
                0.5,
                Precision.FLOAT32,
                "cpu",
                1);
    }

    /** Minutes on two cores: a short cosine schedule at a high rate, in bfloat16. */
    public static TrainingSettings quick(LossKind loss) {
        return new TrainingSettings(
                loss,
                loss == LossKind.TRIPLET ? 8 : 30,
                Batching.of(loss),
                128,
                IMAGES_PER_CLASS,
                0,
                loss == LossKind.TRIPLET ? 0.01 : 0.05,
                0.9,
                5e-4,
                Schedule.COSINE,
                100,
                true,
                0.1,
                ClassWeights.EQUAL,
                0,
                0,
                Augmentation.AFFINE,
                MinerKind.SEMI_HARD,
                MINING,
                MARGIN,
                true,
                0,
                0.5,
                Precision.BFLOAT16,
                "cpu",
                1);
    }

    /**
     * The strongest we know from random weights, for hours on two cores or minutes on a GPU: the quick recipe with more
     * epochs, stronger augmentation, mixup where nothing is mined, and averaged weights.
     */
    public static TrainingSettings flagship(LossKind loss) {
        return quick(loss)
                .withEpochs(loss == LossKind.TRIPLET ? 16 : 75)
                .withAugmentation(Augmentation.STRONG)
                .withMixup(loss.mines() ? 0 : 0.2)
                .withAveraging(0.999);
    }

    /** The same with at most this many epochs. */
    public TrainingSettings withEpochs(int value) {
        return Records.with(this, "epochs", value);
    }

    /** The same with plain or with class-balanced batches. */
    public TrainingSettings withBatching(Batching value) {
        return Records.with(this, "batching", value);
    }

    /** The same with epochs of at most so many batches; 0 for all. */
    public TrainingSettings withStepsPerEpoch(int value) {
        return Records.with(this, "stepsPerEpoch", value);
    }

    /** The same with plain batches of another size. */
    public TrainingSettings withBatchSize(int value) {
        return Records.with(this, "batchSize", value);
    }

    /** The same with class-balanced batches of another size. */
    public TrainingSettings withImagesPerClass(int value) {
        return Records.with(this, "imagesPerClass", value);
    }

    /** The same with another peak learning rate. */
    public TrainingSettings withLearningRate(double value) {
        return Records.with(this, "learningRate", value);
    }

    /** The same with another number format. */
    public TrainingSettings withPrecision(Precision value) {
        return Records.with(this, "precision", value);
    }

    /** The same with tensors elsewhere. */
    public TrainingSettings withDevice(String value) {
        return Records.with(this, "device", value);
    }

    /** The same with another seed. */
    public TrainingSettings withSeed(long value) {
        return Records.with(this, "seed", value);
    }

    /** The same with other changes to training images. */
    public TrainingSettings withAugmentation(Augmentation value) {
        return Records.with(this, "augmentation", value);
    }

    /** The same with other label smoothing. */
    public TrainingSettings withLabelSmoothing(double value) {
        return Records.with(this, "labelSmoothing", value);
    }

    /** The same with other weights of classes. */
    public TrainingSettings withClassWeights(ClassWeights value) {
        return Records.with(this, "classWeights", value);
    }

    /** The same with another parameter of mixup; 0 for none. */
    public TrainingSettings withMixup(double value) {
        return Records.with(this, "mixup", value);
    }

    /** The same with another decay of the averaged weights; 0 for none. */
    public TrainingSettings withAveraging(double value) {
        return Records.with(this, "averaging", value);
    }

    /** The same with triplets on features of unit length or on those as they are. */
    public TrainingSettings withUnitLength(boolean value) {
        return Records.with(this, "unitLength", value);
    }

    /** The same with a memory of so many embeddings; 0 for none. */
    public TrainingSettings withMemory(int value) {
        return Records.with(this, "memory", value);
    }

    /** The same with another weight of the triplet term. */
    public TrainingSettings withJointWeight(double value) {
        return Records.with(this, "jointWeight", value);
    }

    /** The same with another way to choose triplets. */
    public TrainingSettings withMining(MinerKind kind, MinerOptions options, Margin lossMargin) {
        return Records.with(this, Map.of("miner", kind, "mining", options, "margin", lossMargin));
    }

    /** What a model file says of its training; see {@link dev.mien.backbones.ModelMetadata}. */
    public Map<String, String> notes() {
        return Map.of("loss", loss.word(), "settings", toString(), "unit_length", Boolean.toString(unitLength));
    }

    /** The triplet loss that fits the mining: its distance and margin, mean over active triplets. */
    TripletMarginLoss tripletLoss() {
        return new TripletMarginLoss(mining.distance(), margin, Mean.ACTIVE);
    }

    /** The same loss over every triplet without listing them, where all that cost something are wanted; null elsewhere. */
    BatchAllTripletLoss batchAllLoss() {
        boolean all = miner == MinerKind.BATCH_ALL && mining.capPerAnchor() == BatchAllMiner.NO_CAP;
        return loss.mines() && all && margin instanceof Margin.Hinge hinge && hinge.margin() <= mining.margin()
                ? new BatchAllTripletLoss(mining.distance(), hinge.margin(), Mean.ACTIVE)
                : null;
    }
}
