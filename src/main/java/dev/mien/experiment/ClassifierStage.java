package dev.mien.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mien.backbones.Backbone;
import dev.mien.classifiers.Classifier;
import dev.mien.classifiers.ClassifierKind;
import dev.mien.classifiers.ClassifierSettings;
import dev.mien.classifiers.Classifiers;
import dev.mien.classifiers.RandomSearch;
import dev.mien.classifiers.SoftmaxHead;
import dev.mien.classifiers.StratifiedFolds;
import dev.mien.data.ContentKey;
import dev.mien.data.Expression;
import dev.mien.data.FloatMatrix;
import dev.mien.data.Split;
import dev.mien.internal.AtomicFiles;
import dev.mien.internal.Progress;
import dev.mien.training.LossKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Fits one classifier on a model's features and predicts validation and test, or takes what an earlier run left. */
final class ClassifierStage {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FOLDS = 5;

    private final ExperimentOptions options;
    private final long seed;
    private final Path folder;
    private final Progress progress;
    private double keptSeconds;

    /**
     * Predictions of one classifier.
     *
     * @param key of what it was computed from
     * @param validation predicted classes
     * @param test predicted classes
     * @param seconds to fit and predict
     */
    record Outcome(String key, Map<String, String> settings, int[] validation, int[] test, double seconds) {}

    ClassifierStage(ExperimentOptions options, long seed, Path folder, Progress progress) {
        this.options = options;
        this.seed = seed;
        this.folder = folder;
        this.progress = progress;
    }

    /** Seconds that an earlier run spent on what this one kept. */
    double keptSeconds() {
        return keptSeconds;
    }

    Outcome run(ClassifierKind kind, LossKind loss, Backbone backbone, int[] labels, Map<Split, FloatMatrix> features)
            throws IOException {
        Path file = folder.resolve(kind.word() + ".json");
        String key = key(kind, labels, features);
        if (options.resume() && Files.exists(file)) {
            Outcome kept = JSON.readValue(file.toFile(), Outcome.class);
            if (key.equals(kept.key())) {
                keptSeconds += kept.seconds();
                return kept;
            }
        }
        progress.at("fit " + kind.word(), 0, 1);
        long started = System.nanoTime();
        try (Classifier classifier = fitted(kind, loss, backbone, labels, features.get(Split.TRAIN))) {
            int[] validation = classifier.predict(features.get(Split.VALIDATION));
            int[] test = classifier.predict(features.get(Split.TEST));
            double seconds = (System.nanoTime() - started) / 1e9;
            classifier.save(folder.resolve(kind.word() + ".classifier"));
            Outcome outcome = new Outcome(key, classifier.settings(), validation, test, seconds);
            AtomicFiles.write(file, out -> out.write(JSON.writeValueAsBytes(outcome)));
            progress.at("fit " + kind.word(), 1, 1);
            return outcome;
        }
    }

    private Classifier fitted(ClassifierKind kind, LossKind loss, Backbone backbone, int[] labels, FloatMatrix train)
            throws IOException {
        if (kind == ClassifierKind.SOFTMAX && loss.trainsHead()) {
            return SoftmaxHead.of(backbone); // the one that cross entropy trained
        }
        ClassifierSettings settings = options.search() > 0
                ? searched(search(kind), kind, labels, train)
                : Classifiers.settings(kind, options.classifiers());
        return fitted(settings, labels, train);
    }

    /** Goes on from the fits of an earlier run, if these may be kept. */
    private RandomSearch search(ClassifierKind kind) throws IOException {
        Path log = folder.resolve(kind.word() + ".search.json");
        if (!options.resume()) {
            Files.deleteIfExists(log);
        }
        return new RandomSearch(
                Math.max(1, options.search() / FOLDS),
                FOLDS,
                RandomSearch.Scoring.ACCURACY,
                seed,
                options.threads(),
                (task, done, total) -> progress.at("search " + kind.word(), done, total),
                log);
    }

    /** Searches on the first copy of each image: with its others to learn from, a fold would say little of new faces. */
    private ClassifierSettings searched(RandomSearch search, ClassifierKind kind, int[] labels, FloatMatrix train) {
        int[] first = Arrays.copyOf(labels, labels.length / options.features().copies());
        int[] rows = StratifiedFolds.subset(first, options.searchRows(), seed);
        int[] own = Arrays.stream(rows).map(row -> labels[row]).toArray();
        return search.best(kind, options.classifiers(), train.select(rows), own, Expression.COUNT)
                .settings();
    }

    private Classifier fitted(ClassifierSettings settings, int[] labels, FloatMatrix train) {
        Classifier classifier = settings.create(seed, options.threads());
        classifier.fit(train, labels, Expression.COUNT);
        return classifier;
    }

    private String key(ClassifierKind kind, int[] labels, Map<Split, FloatMatrix> features) {
        return new ContentKey()
                .add(Classifiers.settings(kind, options.classifiers()).readable())
                .add(List.of(options.search(), options.searchRows(), seed))
                .add(labels)
                .add(features.get(Split.TRAIN))
                .add(features.get(Split.VALIDATION))
                .add(features.get(Split.TEST))
                .hex();
    }
}
