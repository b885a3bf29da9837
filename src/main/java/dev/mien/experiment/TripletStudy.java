package dev.mien.experiment;

import dev.mien.backbones.BackboneKind;
import dev.mien.data.Dataset;
import dev.mien.data.Duplicates;
import dev.mien.data.FaceImages;
import dev.mien.data.Split;
import dev.mien.evaluation.StudyReport;
import dev.mien.evaluation.StudyResults;
import dev.mien.internal.MienVersion;
import dev.mien.internal.Progress;
import dev.mien.training.Devices;
import dev.mien.training.LossKind;
import dev.mien.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * When does triplet loss help? For each seed one base model, trained with cross entropy; from there every
 * {@link StudyVariant} on the same budget of steps; five classifiers on the embeddings of each. What is finished lies in
 * the folder and is kept, so that a study may be interrupted, and its seeds computed by several processes at once.
 */
public final class TripletStudy {

    /** Training images that classifiers are fitted on, a stratified subset: the SVM of the quick preset takes no more. */
    private static final int FITTED = 8000;

    private static final int BATCH = StudyVariant.batch(TrainingSettings.quick(LossKind.TRIPLET));

    private final Dataset data;
    private final Options options;
    private final Path out;
    private final Progress progress;
    private final Consumer<String> messages;
    private final Duplicates duplicates;
    private final FaceImages withoutConflicts;
    private final FaceImages fitted;

    /**
     * What a study is asked to do.
     *
     * @param seeds one whole repetition each
     * @param baseEpochs epochs of the base model
     * @param variants names of the variants to compute; empty for all
     * @param device {@code auto}, {@code cpu} or {@code cuda}
     * @param threads for classifiers
     */
    public record Options(List<Long> seeds, int baseEpochs, List<String> variants, String device, int threads) {

        /** Checks the ranges; {@link IllegalArgumentException} names the value. */
        public Options {
            seeds = List.copyOf(seeds);
            variants = List.copyOf(variants);
            if (baseEpochs < 1) {
                throw new IllegalArgumentException("the base model needs at least 1 epoch, not " + baseEpochs);
            }
            List<String> known =
                    StudyVariant.all(1, 1).stream().map(StudyVariant::name).toList();
            for (String variant : variants) {
                if (!known.contains(variant)) {
                    throw new IllegalArgumentException(
                            "unknown variant '%s'; expected some of %s".formatted(variant, String.join(", ", known)));
                }
            }
        }
    }

    /**
     * Prepares a study.
     *
     * @param out folder for the base models, the runs and the report; made where it is missing
     * @param progress hears of batches and fits
     * @param messages hears one line per finished run
     */
    public TripletStudy(Dataset data, Options options, Path out, Progress progress, Consumer<String> messages) {
        this.data = data;
        this.options = options;
        this.out = out;
        this.progress = progress;
        this.messages = messages;
        duplicates = Duplicates.of(data);
        withoutConflicts = data.train().select(duplicates.rowsWithoutConflicts(Split.TRAIN));
        fitted = data.limited(FITTED, 0).train();
    }

    /** Runs everything that is not finished yet and writes {@code study.json}, {@code study.md} and its drawings. */
    public StudyResults run() throws IOException {
        int steps = (data.train().size() + BATCH - 1) / BATCH;
        List<StudyVariant> variants = StudyVariant.all(steps, options.baseEpochs()).stream()
                .filter(v -> options.variants().isEmpty() || options.variants().contains(v.name()))
                .toList();
        for (long seed : options.seeds()) {
            trainBase(seed);
        }
        List<StudyResults.Run> runs = new ArrayList<>();
        for (StudyVariant variant : variants) {
            for (long seed : options.seeds()) {
                runs.add(run(variant, seed));
            }
        }
        StudyResults results = new StudyResults(
                MienVersion.get(),
                data.name(),
                "%d epochs of cross entropy, then %d steps of %d images".formatted(options.baseEpochs(), steps, BATCH),
                StudyResults.digits(data.validation().labels()),
                StudyResults.digits(data.test().labels()),
                twins(),
                runs);
        StudyReport.write(results, out);
        return results;
    }

    private String twins() {
        boolean[] twin = duplicates.hasTwin(Split.TEST, Split.TRAIN, Split.VALIDATION);
        return StudyResults.digits(
                IntStream.range(0, twin.length).map(row -> twin[row] ? 1 : 0).toArray());
    }

    private StudyResults.Run run(StudyVariant variant, long seed) throws IOException {
        String device = Devices.resolve(options.device());
        StudyStage stage = new StudyStage(variant, seed, device, base(seed), options.threads(), progress);
        long started = System.nanoTime();
        StudyResults.Run run = stage.run(
                folder(seed).resolve(variant.name() + ".json"),
                data,
                variant.keepsConflicts() ? data.train() : withoutConflicts,
                fitted);
        messages.accept(String.format(
                Locale.ROOT, "seed %d, %s: %.0f s", seed, variant.name(), (System.nanoTime() - started) / 1e9));
        return run;
    }

    private Path folder(long seed) {
        return out.resolve("seed-" + seed);
    }

    private Path base(long seed) {
        return folder(seed).resolve("base.safetensors");
    }

    /** As {@code mien train --preset quick} does, unless it is there already. */
    private void trainBase(long seed) throws IOException {
        Files.createDirectories(folder(seed));
        TrainingSettings settings = TrainingSettings.quick(LossKind.CROSS_ENTROPY)
                .withEpochs(options.baseEpochs())
                .withSeed(seed)
                .withDevice(Devices.resolve(options.device()));
        ModelTraining training =
                new ModelTraining(BackboneKind.COMPACT, settings, data, data.train(), null, base(seed));
        if (training.kept().isEmpty()) {
            double seconds = training.run(true, progress).result().seconds();
            messages.accept(String.format(Locale.ROOT, "seed %d, base model: %.0f s", seed, seconds));
        }
    }
}
