package dev.mien.cli;

import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.Precision;
import dev.mien.data.Augmentation;
import dev.mien.data.AugmentationKind;
import dev.mien.losses.Margin;
import dev.mien.miners.BatchAllMiner;
import dev.mien.miners.MinerKind;
import dev.mien.miners.MinerOptions;
import dev.mien.training.Batching;
import dev.mien.training.ClassWeights;
import dev.mien.training.Devices;
import dev.mien.training.LossKind;
import dev.mien.training.Preset;
import dev.mien.training.TrainingSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a model is trained: a preset, and what is to be otherwise. */
final class TrainingOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--preset",
            paramLabel = "P",
            description = "quick (default), paper or flagship (the strongest from random weights).")
    private Preset preset = Preset.QUICK;

    @Option(
            names = "--backbone",
            paramLabel = "B",
            description = "vgg19, vgg19-bn or compact (default: compact; with the preset paper, vgg19).")
    private BackboneKind backbone;

    @Option(names = "--loss", paramLabel = "L", description = "cross-entropy (default), triplet or joint.")
    private LossKind loss = LossKind.CROSS_ENTROPY;

    @Mixin
    private MiningOptions mining;

    @Option(names = "--soft-margin", description = "Loss log(1 + exp(dp - dn)) instead of a hinge at the margin.")
    private boolean softMargin;

    @Option(names = "--no-unit-length", description = "Mine on the features as they are, not on their directions.")
    private boolean featuresAsTheyAre;

    @Option(
            names = "--memory",
            paramLabel = "N",
            description = "Mine against the N latest embeddings of the epoch, too (cross-batch memory); default: 0.")
    private Integer memory;

    @Option(
            names = "--joint-weight",
            paramLabel = "X",
            description = "Of joint: weight of the triplet loss beside the cross entropy (default: 0.5).")
    private Double jointWeight;

    @Option(names = "--epochs", paramLabel = "N", description = "At most N epochs (default: the preset's).")
    private Integer epochs;

    @Option(
            names = "--batches",
            paramLabel = "B",
            description = "plain, or balanced: as many images of each class (default: plain with cross-entropy).")
    private Batching batching;

    @Mixin
    private BatchOptions batches;

    @Option(
            names = "--steps-per-epoch",
            paramLabel = "N",
            description = "End an epoch after N batches (default: when every image was shown).")
    private Integer stepsPerEpoch;

    @Option(names = "--learning-rate", paramLabel = "X", description = "Peak learning rate (default: the preset's).")
    private Double learningRate;

    @Option(
            names = "--augmentation",
            paramLabel = "A",
            description =
                    "Random changes to training images: none, flip (and crop), affine (shifts, rotation, scale, too) or"
                            + " strong (light and erasing, too); default: the preset's.")
    private AugmentationKind augmentation;

    @Option(
            names = "--mixup",
            paramLabel = "A",
            description = "Blend images in pairs by weights from Beta(A, A); 0: do not. For cross-entropy.")
    private Double mixup;

    @Option(
            names = "--erasing",
            paramLabel = "P",
            description = "Share of training images with a rectangle painted over, 0 to 1.")
    private Double erasing;

    @Option(
            names = "--averaging",
            paramLabel = "D",
            description = "Keep the average of the weights over the steps, with this decay, such as 0.999; 0: do not.")
    private Double averaging;

    @Option(names = "--label-smoothing", paramLabel = "X", description = "Of the cross entropy, 0 to 1.")
    private Double labelSmoothing;

    @Option(
            names = "--class-weights",
            paramLabel = "W",
            description = "Of the cross entropy: equal, root or balanced (by inverse frequency).")
    private ClassWeights classWeights;

    @Option(
            names = "--precision",
            paramLabel = "T",
            description = "float32, bfloat16 or, on a GPU, tf32 (default: the preset's).")
    private Precision precision;

    /** The network to train. */
    BackboneKind backbone() {
        return backbone != null ? backbone : preset == Preset.PAPER ? BackboneKind.VGG19 : BackboneKind.COMPACT;
    }

    /** The preset with what was given; miner options without a loss that mines are wrong usage. */
    TrainingSettings settings(GlobalOptions global) {
        if ((mining.given() || softMargin || featuresAsTheyAre || memory != null) && !loss.mines()) {
            throw usage("miner options need --loss triplet or joint");
        }
        if (jointWeight != null && loss != LossKind.JOINT) {
            throw usage("--joint-weight needs --loss joint");
        }
        range("--memory", memory, 0, 1 << 20);
        range("--joint-weight", jointWeight, 0, 1000);
        TrainingSettings settings = TrainingSettings.of(preset, loss);
        MinerKind miner = mining.miner == null ? settings.miner() : mining.miner;
        if (loss.mines()) {
            MinerOptions options = mining.over(settings.mining(), miner);
            settings = settings.withMining(miner, options, softMargin ? Margin.soft() : Margin.hinge(options.margin()));
            settings = embedded(settings, miner, options);
        }
        settings = epochs == null ? settings : settings.withEpochs(epochs);
        settings = learningRate == null ? settings : settings.withLearningRate(learningRate);
        settings = precision == null ? settings : settings.withPrecision(precision);
        settings = regularised(dealt(settings));
        settings = settings.withSeed(global.seed).withDevice(Devices.resolve(global.device()));
        settings.precision().checkOn(settings.device()); // before the data are read
        return settings;
    }

    private TrainingSettings dealt(TrainingSettings preset) {
        range("--steps-per-epoch", stepsPerEpoch, 1, 1 << 30);
        TrainingSettings settings = batching == null ? preset : preset.withBatching(batching);
        settings = stepsPerEpoch == null ? settings : settings.withStepsPerEpoch(stepsPerEpoch);
        return batches.over(settings);
    }

    private TrainingSettings embedded(TrainingSettings preset, MinerKind miner, MinerOptions options) {
        if (memory != null
                && memory > 0
                && miner == MinerKind.BATCH_ALL
                && options.capPerAnchor() == BatchAllMiner.NO_CAP) {
            throw usage("--memory needs a miner other than batch-all, or --cap");
        }
        TrainingSettings settings = preset.withUnitLength(!featuresAsTheyAre);
        settings = memory == null ? settings : settings.withMemory(memory);
        return jointWeight == null ? settings : settings.withJointWeight(jointWeight);
    }

    private ParameterException usage(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }

    private TrainingSettings regularised(TrainingSettings preset) {
        if (mixup != null && mixup > 0 && loss.mines()) {
            throw usage("--mixup needs --loss cross-entropy");
        }
        if ((labelSmoothing != null || classWeights != null) && !loss.trainsHead()) {
            throw usage("--label-smoothing and --class-weights need --loss cross-entropy or joint");
        }
        range("--mixup", mixup, 0, 100);
        range("--erasing", erasing, 0, 1);
        range("--averaging", averaging, 0, 0.999999);
        range("--label-smoothing", labelSmoothing, 0, 0.99);
        TrainingSettings settings = mixup == null ? preset : preset.withMixup(mixup);
        settings = averaging == null ? settings : settings.withAveraging(averaging);
        settings = labelSmoothing == null ? settings : settings.withLabelSmoothing(labelSmoothing);
        settings = classWeights == null ? settings : settings.withClassWeights(classWeights);
        Augmentation images = augmentation == null ? settings.augmentation() : augmentation.augmentation();
        return settings.withAugmentation(
                erasing == null ? images : images.withErasing(erasing, images.minErased(), images.maxErased()));
    }

    private void range(String option, Number given, double low, double high) {
        Double value = given == null ? null : given.doubleValue();
        if (value != null && !(value >= low && value <= high)) {
            throw usage("%s must be in %s..%s, not %s".formatted(option, plain(low), plain(high), given));
        }
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
