package dev.mien.experiment;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.Weights;
import dev.mien.classifiers.Classifier;
import dev.mien.classifiers.ClassifierKind;
import dev.mien.classifiers.ClassifierPreset;
import dev.mien.classifiers.Classifiers;
import dev.mien.classifiers.SoftmaxHead;
import dev.mien.data.ContentKey;
import dev.mien.data.Dataset;
import dev.mien.data.Expression;
import dev.mien.data.FaceImages;
import dev.mien.data.FloatMatrix;
import dev.mien.data.ViewSet;
import dev.mien.evaluation.RetrievalMetrics;
import dev.mien.evaluation.StudyResults;
import dev.mien.internal.Progress;
import dev.mien.kernels.Distance;
import dev.mien.training.Embedder;
import dev.mien.training.EpochRecord;
import dev.mien.training.LossKind;
import dev.mien.training.Trainer;
import dev.mien.training.TrainingResult;
import dev.mien.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Trains one variant of a study from one seed, embeds, and predicts with every classifier; or takes what was kept. */
final class StudyStage {

    private final StudyVariant variant;
    private final TrainingSettings settings;
    private final Path base;
    private final int threads;
    private final Progress progress;

    /** @param base weights to start from, unless the variant starts from scratch */
    StudyStage(StudyVariant variant, long seed, String device, Path base, int threads, Progress progress) {
        this.variant = variant;
        this.settings = variant.settings().withSeed(seed).withDevice(device);
        this.base = base;
        this.threads = threads;
        this.progress = progress;
    }

    /**
     * The run in {@code file}, computed and written there unless it is there already, of the same inputs.
     *
     * @param data the whole dataset
     * @param trained images to train on
     * @param fitted training images to fit the classifiers on
     */
    StudyResults.Run run(Path file, Dataset data, FaceImages trained, FaceImages fitted) throws IOException {
        String key = key(data, trained, fitted);
        if (Files.exists(file)) {
            StudyResults.Run kept = StudyResults.read(file, StudyResults.Run.class);
            if (kept.key().equals(key)) {
                return kept;
            }
        }
        try (Backbone backbone = BackboneKind.COMPACT.create(settings.seed())) {
            if (!variant.fromScratch()) {
                Weights.start(base, backbone);
            }
            TrainingResult training =
                    new Trainer(settings, null, progress).fit(backbone, trained, data.validation(), false);
            StudyResults.Run run = score(key, training, backbone, data, fitted);
            StudyResults.write(run, file);
            return run;
        }
    }

    private StudyResults.Run score(
            String key, TrainingResult training, Backbone backbone, Dataset data, FaceImages fitted) {
        FloatMatrix train = embed(backbone, fitted);
        FloatMatrix validation = embed(backbone, data.validation());
        FloatMatrix test = embed(backbone, data.test());
        Map<String, StudyResults.Predictions> predictions = new LinkedHashMap<>();
        if (settings.loss().trainsHead()) {
            try (Classifier head = SoftmaxHead.of(backbone)) {
                predictions.put(StudyResults.HEAD, predict(head, validation, test));
            }
        }
        for (ClassifierKind kind : ClassifierKind.values()) {
            progress.at("fit " + kind.word(), kind.ordinal(), ClassifierKind.values().length);
            try (Classifier classifier = Classifiers.create(kind, ClassifierPreset.QUICK, settings.seed(), threads)) {
                classifier.fit(train, fitted.labels(), Expression.COUNT);
                predictions.put(kind.word(), predict(classifier, validation, test));
            }
        }
        EpochRecord last = training.epochs().get(training.epochs().size() - 1);
        return new StudyResults.Run(
                variant.name(),
                variant.question(),
                settings.seed(),
                key,
                settings.toString(),
                training.seconds(),
                defined(last.activeFraction()),
                defined(last.hardFraction()),
                retrieval(test, data.test()),
                predictions);
    }

    private static Double defined(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private FloatMatrix embed(Backbone backbone, FaceImages images) {
        boolean unitLength = settings.loss() == LossKind.TRIPLET && settings.unitLength();
        return Embedder.embed(backbone, images, ViewSet.PLAIN, unitLength, progress);
    }

    private static StudyResults.Predictions predict(Classifier classifier, FloatMatrix validation, FloatMatrix test) {
        return new StudyResults.Predictions(
                StudyResults.digits(classifier.predict(validation)), StudyResults.digits(classifier.predict(test)));
    }

    private StudyResults.Retrieval retrieval(FloatMatrix embeddings, FaceImages images) {
        long[] labels = Arrays.stream(images.labels()).asLongStream().toArray();
        RetrievalMetrics metrics =
                RetrievalMetrics.of(embeddings, labels, null, null, Distance.COSINE, 0, settings.seed());
        return new StudyResults.Retrieval(
                metrics.mean().precisionAt1(), metrics.mean().mapAtR(), metrics.separation());
    }

    private String key(Dataset data, FaceImages trained, FaceImages fitted) throws IOException {
        return new ContentKey()
                .add(settings)
                .add(trained)
                .add(fitted)
                .add(data.validation())
                .add(data.test())
                .add(variant.fromScratch() ? null : base)
                .hex();
    }
}
