package dev.mien.experiment;

import dev.mien.backbones.Backbone;
import dev.mien.classifiers.ClassifierKind;
import dev.mien.classifiers.ClassifierPreset;
import dev.mien.data.Augmentation;
import dev.mien.evaluation.Results;
import dev.mien.evaluation.Results.Topic;
import dev.mien.internal.Words;
import dev.mien.losses.Margin;
import dev.mien.training.Batching;
import dev.mien.training.ClassWeights;
import dev.mien.training.LossKind;
import dev.mien.training.Preset;
import dev.mien.training.Schedule;
import dev.mien.training.TrainingSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the report has to say about how its figures came about: settings, and every deviation from the paper. */
final class ExperimentNotes {

    private final ExperimentOptions options;
    private final List<Results.Setting> fixed = new ArrayList<>();
    // name -> loss -> value
    private final Map<String, Map<String, String>> training = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> classifiers = new LinkedHashMap<>();

    ExperimentNotes(ExperimentOptions options, int conflictsDropped) {
        this.options = options;
        say(Topic.PROTOCOL, "selection", "validation split only; the test split is read once, at the end");
        say(Topic.PROTOCOL, "seeds", options.seeds().toString());
        say(
                Topic.DEVIATION,
                "conflicting labels",
                conflictsDropped
                        + " training images whose identical twin carries another label are left out of metric learning");
        say(Topic.DEVIATION, "start", startedFrom() + " (the paper starts from ImageNet's weights)");
        if (options.preset() == Preset.PAPER) {
            departures(options.changes());
        } else {
            ownRecipe();
        }
        if (tripletStartsFromCrossEntropy()) {
            say(Topic.DEVIATION, "triplet", "triplet training starts from the cross-entropy model's weights");
        }
        if (options.classifiers() == ClassifierPreset.QUICK) {
            say(
                    Topic.DEVIATION,
                    "classifiers",
                    "lighter settings than the paper's; the SVM sees a stratified subset of rows");
        }
        if (options.features() == TrainingFeatures.AUGMENTED) {
            augmentedFeatures();
        }
        say(
                Topic.CLASSIFIER,
                "random search",
                options.search() == 0
                        ? "none: each classifier runs with its preset's settings"
                        : options.search() + " fits per classifier, 5 folds" + searchRows());
    }

    private String searchRows() {
        return options.searchRows() == ExperimentOptions.ALL
                ? ""
                : ", of %d training images drawn class by class".formatted(options.searchRows());
    }

    private void augmentedFeatures() {
        say(
                Topic.DEVIATION,
                "training features",
                "classifiers are fitted on %d copies of each training image, changed at random as in the network's training"
                                .formatted(options.features().copies())
                        + " (the paper's: on the images as they are); a random search sees one copy of each");
    }

    private void ownRecipe() {
        say(Topic.DEVIATION, "backbone", options.backbone().word() + " (the paper's is vgg19)");
        say(Topic.DEVIATION, "schedule", "a cosine schedule in bfloat16 (the paper's: 75 epochs, ReduceLROnPlateau)");
        if (options.preset() == Preset.FLAGSHIP) {
            say(
                    Topic.DEVIATION,
                    "regularisation",
                    "label smoothing, mixup, random erasing and averaged weights (the paper's: none)");
        }
    }

    private void departures(TrainingChanges changes) {
        if (changes.epochs() != null || changes.tripletEpochs() != null) {
            say(Topic.DEVIATION, "epochs", "fewer, see table 5 (the paper's: at most 75)");
        }
        TrainingSettings paper = TrainingSettings.of(Preset.PAPER, LossKind.CROSS_ENTROPY);
        depart("learning rate", changes.learningRate(), paper.learningRate());
        depart("images of a batch", changes.batchSize(), paper.batchSize());
        depart("images per class", changes.imagesPerClass(), paper.imagesPerClass());
        depart("class weights", changes.classWeights(), paper.classWeights());
        depart("precision", changes.precision(), paper.precision());
    }

    /** Names a setting that is not the paper's. */
    private void depart(String name, Object ours, Object papers) {
        if (ours != null && !ours.equals(papers)) {
            say(Topic.DEVIATION, name, "%s (the paper's: %s)".formatted(word(ours), word(papers)));
        }
    }

    private static String word(Object value) {
        return value instanceof Enum<?> constant ? Words.of(constant) : value.toString();
    }

    private String startedFrom() {
        return options.weights() == null
                ? "random weights"
                : "weights of " + options.weights().getFileName();
    }

    private void say(Topic topic, String name, String value) {
        fixed.add(new Results.Setting(name, value, topic));
    }

    /**
     * Whether triplet training goes on from the cross-entropy model rather than from the same start, as the paper's does
     * from ImageNet's weights. From random ones it hardly begins: after an epoch of vgg19 at the paper's rate the mean
     * loss was 0.198 at margin 0.2.
     */
    boolean tripletStartsFromCrossEntropy() {
        return options.preset() != Preset.PAPER || options.weights() == null;
    }

    /** Adds the settings of a training. */
    void training(TrainingSettings s, Backbone backbone) {
        String loss = s.loss().word();
        boolean goesOn = s.loss().mines() && tripletStartsFromCrossEntropy();
        put(
                training,
                "backbone",
                loss,
                backbone.name() + ", started from " + (goesOn ? "the cross-entropy model's weights" : startedFrom()));
        put(training, "parameters", loss, String.format(Locale.ROOT, "%,d", backbone.parameterCount()));
        put(
                training,
                "input",
                loss,
                "%d x %d x %d".formatted(backbone.channels(), backbone.inputSize(), backbone.inputSize()));
        put(
                training,
                "features",
                loss,
                backbone.featureCount() + ", at the global average pool, mean over the image and its mirror image");
        put(training, "epochs", loss, "at most " + s.epochs());
        put(training, "optimizer", loss, "SGD, weight decay " + s.weightDecay());
        put(
                training,
                "batch",
                loss,
                s.batching() == Batching.BALANCED
                        ? "7 classes x " + s.imagesPerClass() + " images"
                        : s.batchSize() + " images");
        put(training, "learning rate", loss, Double.toString(s.learningRate()));
        put(training, "momentum", loss, Double.toString(s.momentum()));
        put(
                training,
                "learning-rate schedule",
                loss,
                s.schedule() == Schedule.COSINE
                        ? "linear warm-up over a tenth, then cosine to 0"
                        : "ReduceLROnPlateau, patience 3, mode min");
        put(
                training,
                "early stopping",
                loss,
                (s.patience() >= s.epochs() ? "none" : "patience " + s.patience()) + "; weights of the best validation "
                        + (s.selectByAccuracy() ? "accuracy" : "loss") + " kept");
        put(training, "precision", loss, s.precision().word());
        put(training, "augmentation", loss, readable(s.augmentation()));
        put(training, "regularisation", loss, regularisation(s));
        if (s.loss().mines()) {
            put(
                    training,
                    "mining",
                    loss,
                    "%s, %s, %s, on features of unit length"
                            .formatted(s.miner().word(), s.mining().distance().word(), readable(s.margin())));
        }
    }

    private static String readable(Augmentation a) {
        return String.format(
                Locale.ROOT,
                "flip %.1f, shift %.0f px, rotation %.0f degrees, scale %.2f to %.2f, erasing %.1f%s",
                a.flip(),
                a.shift(),
                a.rotation(),
                a.minScale(),
                a.maxScale(),
                a.erasing(),
                a.crop() ? ", random crops" : "");
    }

    private static String regularisation(TrainingSettings s) {
        List<String> parts = new ArrayList<>();
        if (s.loss().trainsHead() && s.labelSmoothing() > 0) {
            parts.add("label smoothing " + s.labelSmoothing());
        }
        if (s.mixup() > 0) {
            parts.add("mixup " + s.mixup());
        }
        if (s.averaging() > 0) {
            parts.add("weights averaged over steps with decay " + s.averaging());
        }
        if (s.loss().trainsHead() && s.classWeights() != ClassWeights.EQUAL) {
            parts.add("class weights " + s.classWeights().word());
        }
        return parts.isEmpty() ? "none" : String.join(", ", parts);
    }

    private static String readable(Margin margin) {
        return margin instanceof Margin.Hinge hinge ? "margin " + hinge.margin() : "soft margin";
    }

    /** Adds the settings of a classifier on the features of one loss. */
    void classifier(ClassifierKind kind, LossKind loss, Map<String, String> values) {
        String text = values.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        put(classifiers, kind.word(), loss.word(), text);
    }

    private static void put(Map<String, Map<String, String>> where, String name, String loss, String value) {
        where.computeIfAbsent(name, key -> new LinkedHashMap<>()).put(loss, value);
    }

    /** All settings; those that are the same for every loss once, others behind the loss's name. */
    List<Results.Setting> settings() {
        List<Results.Setting> all = new ArrayList<>(fixed);
        training.forEach((name, values) -> all.add(new Results.Setting(name, merged(values), Topic.TRAINING)));
        classifiers.forEach((name, values) -> all.add(new Results.Setting(name, merged(values), Topic.CLASSIFIER)));
        return all;
    }

    private static String merged(Map<String, String> values) {
        if (values.values().stream().distinct().count() == 1) {
            return values.values().iterator().next();
        }
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("; "));
    }

    List<String> sentences() {
        return List.of(
                "Triplets are mined exactly, by float64 distances with ties to the lowest row, in the batches of each step.",
                "Validation rows are scored on images that no classifier was fitted on; models are selected on them.",
                "The deduplicated score leaves out test images that have a pixel-identical twin in train or validation.");
    }
}
