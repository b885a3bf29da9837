package dev.mien.experiment;

import dev.mien.backbones.Precision;
import dev.mien.training.ClassWeights;
import dev.mien.training.LossKind;
import dev.mien.training.TrainingSettings;

/**
 * What an experiment's trainings do otherwise than their preset; null leaves it to the preset.
 *
 * @param epochs at most, for every training
 * @param tripletEpochs at most, for training with triplet loss alone
 * @param batchSize images of a step of the training with cross entropy
 * @param imagesPerClass images of each class in a step of the training with triplet loss
 * @param learningRate peak rate of the training with cross entropy
 * @param classWeights of the cross entropy
 * @param precision of the convolutions
 */
public record TrainingChanges(
        Integer epochs,
        Integer tripletEpochs,
        Integer batchSize,
        Integer imagesPerClass,
        Double learningRate,
        ClassWeights classWeights,
        Precision precision) {

    /** The preset as it is. */
    public static final TrainingChanges NONE = new TrainingChanges(null, null, null, null, null, null, null);

    TrainingSettings over(TrainingSettings preset) {
        boolean triplet = preset.loss() == LossKind.TRIPLET;
        Integer most = triplet && tripletEpochs != null ? tripletEpochs : epochs;
        TrainingSettings settings = most == null ? preset : preset.withEpochs(most);
        settings = batchSize == null ? settings : settings.withBatchSize(batchSize);
        settings = imagesPerClass == null ? settings : settings.withImagesPerClass(imagesPerClass);
        settings = learningRate == null || triplet ? settings : settings.withLearningRate(learningRate);
        settings = classWeights == null || triplet ? settings : settings.withClassWeights(classWeights);
        return precision == null ? settings : settings.withPrecision(precision);
    }
}
