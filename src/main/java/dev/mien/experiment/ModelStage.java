package dev.mien.experiment;

import dev.mien.backbones.ModelFile;
import dev.mien.data.Dataset;
import dev.mien.data.FaceImages;
import dev.mien.data.FloatMatrix;
import dev.mien.data.Npy;
import dev.mien.data.Split;
import dev.mien.data.ViewSet;
import dev.mien.evaluation.Results;
import dev.mien.internal.Progress;
import dev.mien.training.Devices;
import dev.mien.training.Embedder;
import dev.mien.training.EpochRecord;
import dev.mien.training.LossKind;
import dev.mien.training.TrainingResult;
import dev.mien.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Trains one model of an experiment, or takes the finished one that an earlier run left. */
final class ModelStage {

    private static final String AUGMENTED = "train-augmented.npy";
    private static final List<String> FEATURES = Stream.concat(
                    Arrays.stream(Split.values()).map(ModelStage::plain), Stream.of(AUGMENTED))
            .toList();

    private final ExperimentOptions options;
    private final LossKind loss;
    private final long seed;
    private final Path folder;
    private final Progress progress;
    private final Consumer<String> messages;
    private final TrainingSettings settings;
    private Results.Curve curve;
    private boolean fresh;

    ModelStage(
            ExperimentOptions options,
            LossKind loss,
            long seed,
            Path folder,
            Progress progress,
            Consumer<String> messages) {
        this.options = options;
        this.loss = loss;
        this.seed = seed;
        this.folder = folder;
        this.progress = progress;
        this.messages = messages;
        this.settings = options.changes()
                .over(TrainingSettings.of(options.preset(), loss))
                .withSeed(seed)
                .withDevice(Devices.resolve(options.device()));
    }

    TrainingSettings settings() {
        return settings;
    }

    /** Seconds that an earlier run spent on what this one kept; after {@link #run}. */
    double keptSeconds() {
        return fresh ? 0 : curve.seconds();
    }

    /** The training curve; after {@link #run}. */
    Results.Curve curve() {
        return curve;
    }

    /**
     * Trains on some of the training images of {@code data}, from the weights {@code start} or, where null, random ones;
     * unless {@code model.safetensors} of the same inputs is there and may be kept. Returns its path.
     */
    Path run(Dataset data, FaceImages train, Path start) throws IOException {
        Path file = folder.resolve("model.safetensors");
        ModelTraining training = new ModelTraining(options.backbone(), settings, data, train, start, file);
        Optional<ModelTraining.Outcome> kept = options.resume() ? training.kept() : Optional.empty();
        fresh = kept.isEmpty();
        if (fresh) {
            for (String features : FEATURES) { // of another model, should this run end before it writes its own
                Files.deleteIfExists(folder.resolve(features));
            }
            ModelTraining.Outcome outcome = training.run(options.resume(), progress);
            curve = curve(outcome);
            messages.accept(trained(outcome.result()));
        } else {
            curve = curve(kept.get());
            messages.accept(file + ": finished earlier, kept");
        }
        return file;
    }

    private String trained(TrainingResult result) {
        EpochRecord best = result.epochs().get(result.bestEpoch() - 1);
        return "%-13s trained: best epoch %d of %d, validation accuracy %.2f %% (%.0f s)"
                .formatted(
                        loss.word(),
                        result.bestEpoch(),
                        result.epochs().size(),
                        100 * best.validationAccuracy(),
                        result.seconds());
    }

    private static String plain(Split split) {
        return split.word() + ".npy";
    }

    /** Features of one split, from the folder where an earlier run left them; written there in any case. */
    FloatMatrix embed(ModelFile model, Split split, FaceImages images) throws IOException {
        return kept(
                plain(split),
                model,
                images,
                () -> Embedder.embed(model.backbone(), images, model.normalised(), progress));
    }

    /** Features of images changed at random as the model's training changed them; kept like those of a split. */
    FloatMatrix embedAugmented(ModelFile model, FaceImages images) throws IOException {
        return kept(
                AUGMENTED,
                model,
                images,
                () -> Embedder.embedAugmented(
                        model.backbone(),
                        images,
                        ViewSet.MIRRORED,
                        settings.augmentation(),
                        seed,
                        model.normalised(),
                        progress));
    }

    private FloatMatrix kept(String name, ModelFile model, FaceImages images, Supplier<FloatMatrix> embedding)
            throws IOException {
        Path file = folder.resolve(name);
        if (!fresh && Files.exists(file)) {
            FloatMatrix kept = Npy.readFloats(file);
            if (kept.rows() == images.size()) {
                return kept;
            }
        }
        model.backbone().setPrecision(settings.precision());
        FloatMatrix features = embedding.get();
        Npy.write(file, features);
        return features;
    }

    private Results.Curve curve(ModelTraining.Outcome outcome) {
        TrainingResult result = outcome.result();
        List<Results.Epoch> epochs =
                result.epochs().stream().map(ModelStage::epoch).toList();
        return new Results.Curve(
                outcome.backbone(),
                loss.word(),
                seed,
                outcome.parameters(),
                result.seconds(),
                result.bestEpoch(),
                epochs);
    }

    private static Results.Epoch epoch(EpochRecord e) {
        boolean mined = !Double.isNaN(e.triplets());
        return new Results.Epoch(
                e.epoch(),
                e.learningRate(),
                e.trainLoss(),
                e.validationLoss(),
                e.trainAccuracy(),
                e.validationAccuracy(),
                e.imagesPerSecond(),
                e.seconds(),
                e.activeFraction(),
                mined ? Math.round(e.validAnchors()) : null,
                mined ? Math.round(e.triplets()) : null);
    }
}
