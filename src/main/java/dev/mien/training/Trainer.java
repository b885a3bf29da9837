package dev.mien.training;

import static org.bytedeco.pytorch.global.torch.ScalarType;

import dev.mien.backbones.Backbone;
import dev.mien.data.BatchSampler;
import dev.mien.data.FaceImages;
import dev.mien.data.Mixup;
import dev.mien.internal.NativeRuntime;
import dev.mien.internal.OutOfMemory;
import dev.mien.internal.Progress;
import dev.mien.internal.Uploads;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.MiningStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Trains a backbone: batches from a sampler, augmentation, loss, SGD; after each epoch a validation score, a log line and
 * a checkpoint. Every draw is a function of (seed, epoch, step), so a resumed training goes on as if never stopped,
 * to the bit on one thread.
 */
public final class Trainer {

    static {
        NativeRuntime.load();
    }

    private final TrainingSettings settings;
    private final Path checkpointFile; // or null
    private final Progress progress;
    private final Kernels kernels;

    /**
     * Prepares a training.
     *
     * @param checkpoint file that holds the state after each epoch, or null for none; the log lies beside it as CSV
     * @param progress hears of each step, out of those of all epochs; early stopping ends sooner
     */
    public Trainer(TrainingSettings settings, Path checkpoint, Progress progress) {
        this(settings, checkpoint, progress, settings.loss().mines() ? Kernels.preferred() : null);
    }

    /** The same with other kernels than the preferred ones to mine by. */
    Trainer(TrainingSettings settings, Path checkpoint, Progress progress, Kernels kernels) {
        this.kernels = kernels;
        this.settings = settings;
        checkpointFile = checkpoint;
        this.progress = progress;
    }

    /**
     * Trains {@code backbone} in place and leaves it with the best weights.
     *
     * @param resume go on from the checkpoint where there is one; it must be of the same images, weights in
     *     {@code backbone} now, and settings but for the number of epochs
     * @throws IllegalArgumentException if the training set is empty, or the checkpoint belongs to another training
     * @throws IllegalStateException if the loss stops being finite, or memory runs out; the message says what to lower
     * @throws IOException if the checkpoint cannot be read or written
     */
    public TrainingResult fit(Backbone backbone, FaceImages train, FaceImages validation, boolean resume)
            throws IOException {
        if (train.size() == 0 || validation.size() == 0) {
            throw new IllegalArgumentException("training needs images in both splits: %d to train on, %d to validate on"
                    .formatted(train.size(), validation.size()));
        }
        Device device = Devices.open(settings.device());
        backbone.setPrecision(settings.precision());
        try {
            backbone.moveTo(device);
            return fit(backbone, train, validation, device, resume);
        } catch (RuntimeException e) {
            throw OutOfMemory.what(e) == null ? e : outOf(OutOfMemory.what(e), e);
        }
    }

    private IllegalStateException outOf(String memory, RuntimeException cause) {
        String lower = settings.batching() == Batching.BALANCED
                ? "--images-per-class (now " + settings.imagesPerClass() + ")"
                : "--batch-size (now " + settings.batchSize() + ")";
        return new IllegalStateException("out of " + memory + "; lower " + lower, cause);
    }

    private TrainingResult fit(
            Backbone backbone, FaceImages train, FaceImages validation, Device device, boolean resume)
            throws IOException {
        try (PointerScope scope = new PointerScope();
                TrainingState state = TrainingState.start(settings, backbone)) {
            Checkpoint checkpoint = checkpointFile == null
                    ? null
                    : Checkpoint.of(checkpointFile, settings, backbone, train, validation);
            if (resume && checkpoint != null) {
                state.restore(checkpoint);
            }
            Epochs epochs = new Epochs(backbone, state, train, validation, device);
            while (!state.finished()) {
                epochs.run();
                if (checkpoint != null) {
                    state.save(checkpoint);
                    TrainingLog.write(checkpointFile.resolveSibling("log.csv"), state.records());
                }
            }
            state.keepBest();
            return new TrainingResult(List.copyOf(state.records()), state.bestEpoch() + 1, state.seconds());
        }
    }

    /** The data on the device, and what happens to it in each epoch. */
    private final class Epochs {

        private final Backbone backbone;
        private final TrainingState state;
        private final Objective objective;
        private final BatchSampler sampler;
        private final Tensor pixels;
        private final Tensor labels;
        private final Validation validation;

        Epochs(Backbone backbone, TrainingState state, FaceImages train, FaceImages validation, Device device) {
            this.backbone = backbone;
            this.state = state;
            this.objective = new Objective(settings, train.countsPerClass(), kernels, memory(device));
            this.sampler = settings.batching().sampler(train.labels(), settings);
            this.pixels = Tensors.pixels(train, device);
            this.labels = Tensors.labels(train.labels(), device);
            this.validation = new Validation(settings, objective, train, validation, device);
        }

        void run() {
            long started = System.nanoTime();
            int[][] batches = batches(state.epoch());
            objective.newEpoch();
            MiningTally tally = new MiningTally();
            double[] sums = steps(state.epoch(), batches, tally);
            requireFinite("loss", sums[0]);
            double trained = secondsSince(started);
            Validation.Score score = state.judged(() -> validation.score(backbone));
            requireFinite("validation loss", score.loss());
            state.finishEpoch(entry(batches, sums, trained, secondsSince(started), score, tally));
        }

        private EmbeddingMemory memory(Device device) {
            int rows = settings.loss().mines() ? settings.memory() : 0;
            return rows == 0 ? null : new EmbeddingMemory(rows, backbone.featureCount(), device);
        }

        private int[][] batches(int epoch) {
            int[][] all = sampler.epoch(epoch);
            int steps = settings.stepsPerEpoch();
            return steps == 0 || steps >= all.length ? all : Arrays.copyOf(all, steps);
        }

        private void requireFinite(String what, double value) {
            if (!Double.isFinite(value)) {
                throw new IllegalStateException("the %s became %s in epoch %d; lower the learning rate (now %s)"
                        .formatted(what, value, state.epoch() + 1, state.rate(0.5)));
            }
        }

        private EpochRecord entry(
                int[][] batches,
                double[] sums,
                double trained,
                double seconds,
                Validation.Score score,
                MiningTally tally) {
            long images =
                    Arrays.stream(batches).mapToLong(batch -> batch.length).sum();
            return new EpochRecord(
                    state.epoch() + 1,
                    state.rate(0.5),
                    sums[0] / images,
                    settings.loss().trainsHead() ? sums[1] / images : Double.NaN,
                    score.loss(),
                    score.accuracy(),
                    images / trained,
                    seconds,
                    tally.validAnchors(),
                    tally.triplets(),
                    tally.activeFraction(),
                    tally.semiHardFraction(),
                    tally.hardFraction(),
                    tally.meanDistance(),
                    tally.collapsed());
        }

        /** Trains on every batch; returns the sums over images of the loss and of the images the head got right. */
        private double[] steps(int epoch, int[][] batches, MiningTally tally) {
            try (PointerScope scope = new PointerScope()) {
                // The sums stay on the device until the epoch ends: reading them earlier would make a GPU wait.
                Tensor sums = torch.zeros(2).to(pixels.device(), ScalarType.Double);
                for (int batch = 0; batch < batches.length; batch++) {
                    long step = (long) epoch * batches.length + batch;
                    try (PointerScope inner = new PointerScope()) {
                        tally.add(step(batches[batch], step, state.rate((double) batch / batches.length), sums));
                    }
                    long all = (long) settings.epochs() * batches.length;
                    progress.at("train " + settings.loss().word(), step + 1, all);
                }
                Tensor host = sums.cpu();
                return new double[] {
                    host.select(0, 0).item_double(), host.select(0, 1).item_double()
                };
            }
        }

        private MiningStatistics step(int[] rows, long step, double rate, Tensor sums) {
            Tensor index = Uploads.rows(rows, pixels.device());
            Tensor images = settings.augmentation()
                    .apply(
                            pixels.index_select(0, index),
                            backbone.inputSize(),
                            backbone.channels(),
                            settings.seed(),
                            step);
            Tensor target = labels.index_select(0, index);
            // Dropout draws from LibTorch's own generator; seeding it per step makes a resumed run repeat its masks.
            torch.manual_seed(settings.seed() * 1_000_003 + step);
            Objective.Outcome outcome = outcome(images, target, step);
            outcome.value().backward();
            state.step(step, rate);
            try (NoGradGuard guard = new NoGradGuard()) {
                sums.select(0, 0)
                        .add_(outcome.value().detach().to(ScalarType.Double).mul(new Scalar(rows.length)));
                if (outcome.logits() != null) {
                    sums.select(0, 1).add_(Tensors.correct(outcome.logits(), target));
                }
            }
            return outcome.statistics();
        }

        private Objective.Outcome outcome(Tensor images, Tensor labels, long step) {
            if (settings.mixup() == 0) {
                return objective.of(backbone, backbone.features(images, true), labels, step, true);
            }
            Mixup mixup = Mixup.draw(settings.mixup(), (int) images.size(0), settings.seed(), step);
            return objective.ofMixed(backbone, backbone.features(mixup.blend(images), true), labels, mixup);
        }
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
