package dev.mien.experiment;

import dev.mien.backbones.BackboneKind;
import dev.mien.classifiers.ClassifierPreset;
import dev.mien.training.Preset;
import java.nio.file.Path;
import java.util.List;

/**
 * What an experiment is asked to do.
 *
 * @param preset the recipe
 * @param backbone the network
 * @param changes of the preset's trainings
 * @param classifiers how much work the classifiers' settings ask for
 * @param seeds one whole repetition each
 * @param search fits per classifier in the random search (a multiple of 5 folds); 0 uses the preset's settings as they are
 * @param searchRows training images that the search sees, drawn class by class; all where there are no more
 * @param features what the classifiers are fitted on
 * @param weights weights to start from (ImageNet's, say), or null to start from random ones
 * @param device {@code auto}, {@code cpu} or {@code cuda}
 * @param threads for classifiers
 * @param resume whether to keep finished stages that an earlier run left in the folder
 * @param command the command line, for the report
 */
public record ExperimentOptions(
        Preset preset,
        BackboneKind backbone,
        TrainingChanges changes,
        ClassifierPreset classifiers,
        List<Long> seeds,
        int search,
        int searchRows,
        TrainingFeatures features,
        Path weights,
        String device,
        int threads,
        boolean resume,
        String command) {

    /** As {@link #searchRows}: a search sees every training image. */
    public static final int ALL = Integer.MAX_VALUE;
}
