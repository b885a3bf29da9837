package dev.mien.cli;

import dev.mien.training.Batching;
import dev.mien.training.TrainingSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How many images a training step takes, and with them its memory. */
final class BatchOptions {

    private static final int MOST = 1 << 16;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    Integer batchSize;
    Integer imagesPerClass;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Images of a step of plain batches (default: the preset's).")
    private void setBatchSize(int images) {
        batchSize = checked("--batch-size", images);
    }

    @Option(
            names = "--images-per-class",
            paramLabel = "K",
            description = "Images of each class in a step of balanced batches (default: the preset's).")
    private void setImagesPerClass(int images) {
        imagesPerClass = checked("--images-per-class", images);
    }

    private int checked(String option, int images) {
        if (images < 2 || images > MOST) {
            throw new ParameterException(
                    command.commandLine(), "%s must be in 2..%d, not %d".formatted(option, MOST, images));
        }
        return images;
    }

    /** The settings with what was given; what their batches do not look at is wrong usage. */
    TrainingSettings over(TrainingSettings settings) {
        boolean balanced = settings.batching() == Batching.BALANCED;
        if (balanced ? batchSize != null : imagesPerClass != null) {
            throw new ParameterException(
                    command.commandLine(),
                    balanced
                            ? "--batch-size is of plain batches, and these are balanced (--images-per-class)"
                            : "--images-per-class is of balanced batches, and these are plain (--batch-size)");
        }
        TrainingSettings changed = batchSize == null ? settings : settings.withBatchSize(batchSize);
        return imagesPerClass == null ? changed : changed.withImagesPerClass(imagesPerClass);
    }
}
