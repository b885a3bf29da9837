package dev.mien.bench;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.Precision;
import dev.mien.data.Dataset;
import dev.mien.data.Expression;
import dev.mien.data.FaceImages;
import dev.mien.data.SchematicFaces;
import dev.mien.internal.NativeRuntime;
import dev.mien.internal.Progress;
import dev.mien.training.Batching;
import dev.mien.training.Devices;
import dev.mien.training.LossKind;
import dev.mien.training.Trainer;
import dev.mien.training.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;

/**
 * Steps of {@link Trainer} with all that belongs to them (drawing, augmenting, mining, statistics), in turns with the bare
 * steps of {@link PlainTraining} on the same network and number of images.
 */
public final class TrainingContest {

    static {
        NativeRuntime.load();
    }

    /** Of a visit; the first of the trainer's is not timed, as what comes before it is no step. */
    private static final int STEPS = 6;

    private static final int LEAST_ROUNDS = 2;
    private static final int VALIDATED = 70;

    /**
     * One line of the table.
     *
     * @param batch images of a step
     * @param mien the trainer's steps
     * @param peer LibTorch's bare steps
     * @param split LibTorch's threads in them
     * @param profile where the trainer's steps spend their time
     */
    public record Result(
            BackboneKind backbone,
            LossKind loss,
            Precision precision,
            int batch,
            Latency mien,
            Latency peer,
            String split,
            StepProfile profile) {

        /** Images that the trainer takes in a second. */
        public double imagesPerSecond() {
            return 1000 * batch / mien.p50();
        }

        /** How many times the trainer's median goes into the peer's. */
        public double ratio() {
            return peer.p50() / mien.p50();
        }
    }

    private final BackboneKind kind;
    private final TrainingSettings settings;
    private final int threads;
    private final int batch;
    private final FaceImages train;
    private final FaceImages validation;

    /** A contest of one network trained by {@code settings}, on generated faces. */
    public TrainingContest(BackboneKind kind, TrainingSettings settings, int threads) {
        this.kind = kind;
        this.settings = settings.withEpochs(1).withStepsPerEpoch(STEPS);
        this.threads = threads;
        batch = settings.batching() == Batching.BALANCED
                ? Expression.COUNT * settings.imagesPerClass()
                : settings.batchSize();
        Dataset faces = SchematicFaces.generate(Math.max(SchematicFaces.MIN_SIZE, 2 * STEPS * batch), 1);
        train = faces.train();
        validation = faces.validation()
                .select(IntStream.range(
                                0, Math.min(VALIDATED, faces.validation().size()))
                        .toArray());
    }

    /** Both sides in turns for about {@code seconds}, and at least twice. */
    public Result measure(double seconds) throws IOException {
        Device device = Devices.open(settings.device());
        try (PointerScope scope = new PointerScope();
                Backbone backbone = kind.create(1);
                PlainTraining plain = new PlainTraining(kind, settings.precision(), batch, device)) {
            ThreadSplit split = ThreadSplit.fastest(
                    threads, each -> Latency.of(visit(plain, each)).p50());
            visit(backbone);
            List<Double> own = new ArrayList<>();
            List<Double> peer = new ArrayList<>();
            long end = System.nanoTime() + (long) (seconds * 1e9);
            StepProfile profile = StepProfile.of(() -> {
                for (int round = 0; round < LEAST_ROUNDS || System.nanoTime() < end; round++) {
                    own.addAll(visit(backbone));
                    peer.addAll(visit(plain, split));
                }
            });
            return new Result(
                    kind,
                    settings.loss(),
                    settings.precision(),
                    batch,
                    Latency.of(own),
                    Latency.of(peer),
                    split.describe(threads),
                    profile);
        } finally {
            NativeRuntime.setThreads(NativeRuntime.threads());
        }
    }

    /** Milliseconds of the steps of one epoch, which are the times between two reports of progress. */
    private List<Double> visit(Backbone backbone) {
        NativeRuntime.setThreads(threads);
        Stopwatch.rest();
        List<Long> ends = new ArrayList<>();
        Progress clock = (task, done, total) -> {
            if (task.startsWith("train")) {
                ends.add(now());
            }
        };
        try {
            new Trainer(settings, null, clock).fit(backbone, train, validation, false);
        } catch (IOException e) { // of the checkpoint that there is not
            throw new UncheckedIOException(e);
        }
        return IntStream.range(1, ends.size())
                .mapToObj(i -> (ends.get(i) - ends.get(i - 1)) / 1e6)
                .toList();
    }

    private List<Double> visit(PlainTraining plain, ThreadSplit split) {
        split.apply(threads);
        Stopwatch.rest();
        plain.step();
        List<Double> millis = new ArrayList<>();
        for (int step = 1; step < STEPS; step++) {
            long started = now();
            plain.step();
            millis.add((now() - started) / 1e6);
        }
        return millis;
    }

    /** Nanoseconds, when the device has done what it was told. */
    private long now() {
        if (settings.device().equals("cuda")) {
            torch.cuda_synchronize();
        }
        return System.nanoTime();
    }
}
