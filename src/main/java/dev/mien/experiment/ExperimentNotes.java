package dev.mien.experiment;

import dev.mien.backbones.Backbone;
import dev.mien.classifiers.ClassifierKind;
import dev.mien.data.Dataset;
import dev.mien.evaluation.Results;
import dev.mien.evaluation.Results.Topic;
import dev.mien.training.LossKind;
import dev.mien.training.Preset;
import dev.mien.training.Schedule;
import dev.mien.training.TrainingSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the report has to say about how its figures came about: settings, and every deviation from the paper. */
final class ExperimentNotes {

    private final ExperimentOptions options;
    private final Map<String, Results.Setting> settings = new LinkedHashMap<>();

    ExperimentNotes(Dataset data, ExperimentOptions options, int conflictsDropped) {
        this.options = options;
        put(Topic.PROTOCOL, "selection", "validation split only; the test split is read once, at the end");
        put(Topic.PROTOCOL, "seeds", options.seeds().toString());
        put(
                Topic.DEVIATION,
                "conflicting labels",
                conflictsDropped
                        + " training images whose identical twin carries another label are left out of metric learning");
        put(
                Topic.DEVIATION,
                "start",
                options.weights() == null
                        ? "random weights (the paper starts from ImageNet's)"
                        : "weights of " + options.weights().getFileName());
        if (options.preset() == Preset.QUICK) {
            put(
                    Topic.DEVIATION,
                    "backbone",
                    "the paper's is vgg19; this run's is " + options.backbone().word());
            put(
                    Topic.DEVIATION,
                    "schedule",
                    "a short cosine schedule in bfloat16 instead of 75 epochs with ReduceLROnPlateau");
            put(Topic.DEVIATION, "triplet", "triplet training starts from the cross-entropy model's weights");
            put(
                    Topic.DEVIATION,
                    "classifiers",
                    "lighter settings than the paper's; the SVM sees a stratified subset of rows");
        }
        put(
                Topic.CLASSIFIER,
                "random search",
                options.search() == 0
                        ? "none: each classifier runs with its preset's settings"
                        : options.search() + " fits per classifier, 5 folds");
    }

    /** Whether triplet training goes on from the cross-entropy model rather than from the same start. */
    boolean tripletStartsFromCrossEntropy() {
        return options.preset() == Preset.QUICK;
    }

    /** Adds the settings of a training; where the two losses share one, once. */
    void training(TrainingSettings s, Backbone backbone) {
        put(
                Topic.TRAINING,
                "backbone",
                backbone.name() + ", started from "
                        + (options.weights() == null
                                ? "random weights"
                                : options.weights().getFileName()));
        put(Topic.TRAINING, "parameters", String.format(Locale.ROOT, "%,d", backbone.parameterCount()));
        put(
                Topic.TRAINING,
                "input",
                "%d x %d x %d".formatted(backbone.channels(), backbone.inputSize(), backbone.inputSize()));
        put(
                Topic.TRAINING,
                "features",
                backbone.featureCount() + ", at the global average pool, mean over the image and its mirror image");
        perLoss(s, "epochs", "at most " + s.epochs());
        perLoss(
                s,
                "optimizer",
                "SGD, weight decay " + s.weightDecay() + ", "
                        + (s.loss().mines()
                                ? "7 classes x " + s.imagesPerClass() + " images a batch"
                                : s.batchSize() + " images a batch"));
        perLoss(s, "learning rate", Double.toString(s.learningRate()));
        perLoss(s, "momentum", Double.toString(s.momentum()));
        perLoss(
                s,
                "learning-rate schedule",
                s.schedule() == Schedule.COSINE
                        ? "linear warm-up over a tenth, then cosine to 0"
                        : "ReduceLROnPlateau, patience 3, mode min");
        perLoss(
                s,
                "early stopping",
                "patience %d; weights of the best %s kept"
                        .formatted(s.patience(), s.selectByAccuracy() ? "validation accuracy" : "validation loss"));
        put(Topic.TRAINING, "precision", s.precision().word());
        put(Topic.TRAINING, "augmentation", readable(s.augmentation().toString()));
        if (s.loss().mines()) {
            put(
                    Topic.TRAINING,
                    "mining",
                    "%s, %s, %s, on features of unit length"
                            .formatted(
                                    s.miner().word(),
                                    s.mining().distance().word(),
                                    readable(s.margin().toString())));
        }
    }

    private void perLoss(TrainingSettings s, String name, String value) {
        Results.Setting known = settings.get(name);
        if (known == null
                || known.value().equals(value)
                || known.value().contains(s.loss().word() + ": ")) {
            put(Topic.TRAINING, name, known == null ? value : known.value());
        } else {
            String first =
                    known.value().contains(": ") ? known.value() : LossKind.CROSS_ENTROPY.word() + ": " + known.value();
            put(Topic.TRAINING, name, first + "; " + s.loss().word() + ": " + value);
        }
    }

    /** {@code Hinge[margin=0.2]} as {@code Hinge margin 0.2}. */
    private static String readable(String record) {
        return record.replaceAll("[\\[,]", " ")
                .replace("=", " ")
                .replace("]", "")
                .replaceAll(" +", " ");
    }

    /** Adds the settings of a classifier. */
    void classifier(ClassifierKind kind, Map<String, String> values) {
        List<String> parts = new ArrayList<>();
        values.forEach((name, value) -> parts.add(name + " " + value));
        String key = kind.word();
        Results.Setting known = settings.get(key);
        String value = String.join(", ", parts);
        if (known == null || known.value().equals(value)) {
            put(Topic.CLASSIFIER, key, value);
        } else if (!known.value().contains(value)) {
            put(Topic.CLASSIFIER, key, known.value() + "; or " + value);
        }
    }

    private void put(Topic topic, String name, String value) {
        settings.put(name, new Results.Setting(name, value, topic));
    }

    List<Results.Setting> settings() {
        return new ArrayList<>(settings.values());
    }

    List<String> sentences() {
        return List.of(
                "Triplets are mined exactly, by float64 distances with ties to the lowest row, in the batches of each step.",
                "Validation rows are scored on images that no classifier was fitted on; models are selected on them.",
                "The deduplicated score leaves out test images that have a pixel-identical twin in train or validation.");
    }
}
