package dev.mien.experiment;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.ModelFile;
import dev.mien.classifiers.ClassifierKind;
import dev.mien.data.Dataset;
import dev.mien.data.Duplicates;
import dev.mien.data.FaceImages;
import dev.mien.data.FloatMatrix;
import dev.mien.data.Split;
import dev.mien.evaluation.DistanceDistribution;
import dev.mien.evaluation.Report;
import dev.mien.evaluation.Results;
import dev.mien.evaluation.RetrievalMetrics;
import dev.mien.internal.MienVersion;
import dev.mien.internal.Progress;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import dev.mien.training.Devices;
import dev.mien.training.LossKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The paper's experiment: for each seed a network trained with cross entropy and one trained with triplet loss, five
 * classifiers on the features of each, scored on validation and test, and a report. Every finished stage lies in the
 * output folder; an interrupted experiment goes on from there.
 */
public final class Experiment {

    private static final int BINS = 50;
    private static final int RESTARTS = 5;

    private final Dataset data;
    private final ExperimentOptions options;
    private final Path out;
    private final Progress progress;
    private final Consumer<String> messages;

    private final List<Results.Run> runs = new ArrayList<>();
    private final List<Results.Curve> curves = new ArrayList<>();
    private final List<Results.Distances> distances = new ArrayList<>();
    private final List<Results.Retrieval> retrieval = new ArrayList<>();
    private double keptSeconds;
    private final ExperimentNotes notes;
    private final RunScorer scorer;
    private final FaceImages metricTraining;

    /**
     * Prepares an experiment.
     *
     * @param out folder for models, embeddings and the report; made where it is missing
     * @param progress hears of batches and fits
     * @param messages hears one line per finished stage
     */
    public Experiment(Dataset data, ExperimentOptions options, Path out, Progress progress, Consumer<String> messages) {
        this.data = data;
        this.options = options;
        this.out = out;
        this.progress = progress;
        this.messages = messages;
        Duplicates duplicates = Duplicates.of(data);
        this.metricTraining = data.train().select(duplicates.rowsWithoutConflicts(Split.TRAIN));
        this.scorer = new RunScorer(data, duplicates);
        this.notes = new ExperimentNotes(options, data.train().size() - metricTraining.size());
    }

    /** Runs everything that is not finished yet and writes the report into the folder. */
    public Results run() throws IOException {
        Instant started = Instant.now();
        Files.createDirectories(out);
        for (long seed : options.seeds()) {
            Path crossEntropy = train(LossKind.CROSS_ENTROPY, seed, null);
            train(LossKind.TRIPLET, seed, notes.tripletStartsFromCrossEntropy() ? crossEntropy : null);
        }
        double seconds = started.until(Instant.now(), ChronoUnit.MILLIS) / 1e3 + keptSeconds;
        String device = Devices.resolve(options.device());
        Results results = new Results(
                MienVersion.get(),
                device,
                Kernels.preferred().description(device),
                Results.Dataset.of(data),
                runs,
                options.preset().word(),
                options.command(),
                started.truncatedTo(ChronoUnit.SECONDS).toString(),
                seconds,
                curves,
                distances,
                retrieval,
                notes.settings(),
                notes.sentences());
        Report.write(results, out);
        return results;
    }

    /** Trains one model and scores the five classifiers on its features; returns the model's file. */
    private Path train(LossKind loss, long seed, Path start) throws IOException {
        Path folder = Files.createDirectories(out.resolve("seed-" + seed).resolve(loss.word()));
        ModelStage stage = new ModelStage(options, loss, seed, folder, progress, messages);
        FaceImages train = loss.mines() ? metricTraining : data.train();
        Path file = stage.run(data, train, start == null ? options.weights() : start);
        keptSeconds += stage.keptSeconds();
        curves.add(stage.curve());
        try (ModelFile model = ModelFile.read(file)) {
            model.backbone().moveTo(Devices.open(options.device()));
            notes.training(stage.settings(), model.backbone());
            FaceImages copies = train.repeated(options.features().copies());
            Map<Split, FloatMatrix> features = embed(stage, model, copies);
            distances.add(DistanceDistribution.of(
                            features.get(Split.TEST), data.test().labels(), Distance.EUCLIDEAN, true, BINS, seed)
                    .toResults(model.backbone().name(), loss.word(), Distance.EUCLIDEAN));
            retrieval.add(retrieval(loss, seed, model.backbone(), features.get(Split.TEST)));
            classify(loss, seed, folder, model.backbone(), copies, features);
        }
        return file;
    }

    /** By cosine distance, as only the triplet model's features are of unit length. */
    private Results.Retrieval retrieval(LossKind loss, long seed, Backbone backbone, FloatMatrix test) {
        long[] labels = Arrays.stream(data.test().labels()).asLongStream().toArray();
        return Results.Retrieval.of(
                backbone.name(),
                loss.word(),
                seed,
                Split.TEST,
                RetrievalMetrics.of(test, labels, null, null, Distance.COSINE, RESTARTS, seed));
    }

    private Map<Split, FloatMatrix> embed(ModelStage stage, ModelFile model, FaceImages train) throws IOException {
        Map<Split, FloatMatrix> features = new EnumMap<>(Split.class);
        features.put(
                Split.TRAIN,
                options.features() == TrainingFeatures.AUGMENTED
                        ? stage.embedAugmented(model, train)
                        : stage.embed(model, Split.TRAIN, train));
        for (Split split : List.of(Split.VALIDATION, Split.TEST)) {
            features.put(split, stage.embed(model, split, data.split(split)));
        }
        return features;
    }

    private void classify(
            LossKind loss,
            long seed,
            Path folder,
            Backbone backbone,
            FaceImages train,
            Map<Split, FloatMatrix> features)
            throws IOException {
        ClassifierStage stage = new ClassifierStage(options, seed, folder, progress);
        for (ClassifierKind kind : ClassifierKind.values()) {
            ClassifierStage.Outcome outcome = stage.run(kind, loss, backbone, train.labels(), features);
            notes.classifier(kind, loss, outcome.settings());
            List<Results.Run> scored = scorer.score(backbone, loss.word(), kind.word(), seed, outcome);
            runs.addAll(scored);
            Results.Run test = scored.get(scored.size() - 1);
            messages.accept("%-13s %-13s test accuracy %.2f %%, macro F1 %.3f (%.0f s)"
                    .formatted(loss.word(), kind.word(), 100 * test.accuracy(), test.f1(), outcome.seconds()));
        }
        keptSeconds += stage.keptSeconds();
    }
}
