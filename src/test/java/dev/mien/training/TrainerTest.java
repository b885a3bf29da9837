package dev.mien.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.Compact;
import dev.mien.backbones.ModelFile;
import dev.mien.backbones.Precision;
import dev.mien.data.Dataset;
import dev.mien.data.FaceImages;
import dev.mien.data.FloatMatrix;
import dev.mien.data.SchematicFaces;
import dev.mien.internal.NativeRuntime;
import dev.mien.internal.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainerTest {

    private static final Dataset FACES = SchematicFaces.generate(250, 11);

    @TempDir
    Path folder;

    @BeforeAll
    static void oneThread() {
        NativeRuntime.setThreads(1); // to the bit only on one thread
    }

    @AfterAll
    static void allThreads() {
        NativeRuntime.setThreads(Runtime.getRuntime().availableProcessors());
    }

    private static TrainingSettings settings(LossKind loss) {
        return TrainingSettings.quick(loss).withEpochs(2).withPrecision(Precision.FLOAT32);
    }

    private static Stream<TrainingSettings> recipes() {
        Stream<TrainingSettings> presets = Stream.of(Preset.QUICK, Preset.FLAGSHIP)
                .flatMap(preset -> Arrays.stream(LossKind.values()).map(loss -> TrainingSettings.of(preset, loss)));
        TrainingSettings memory =
                TrainingSettings.quick(LossKind.JOINT).withMemory(100).withUnitLength(false);
        return Stream.concat(presets, Stream.of(memory))
                .map(settings -> settings.withEpochs(2).withPrecision(Precision.FLOAT32));
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void resumedTrainingEqualsUninterrupted(TrainingSettings settings) throws IOException {
        try (Backbone whole = new Compact(1);
                Backbone interrupted = new Compact(1);
                Backbone resumed = new Compact(1)) {
            TrainingResult expected =
                    new Trainer(settings, null, Progress.NONE).fit(whole, FACES.train(), FACES.validation(), false);
            Path checkpoint = folder.resolve("checkpoint.safetensors");
            // Cut down in the second epoch's first step: what the first one saved is all there is.
            RuntimeException kill = new RuntimeException("killed");
            Progress killer = (task, done, total) -> {
                if (task.startsWith("train") && done == total / 2 + 1) {
                    throw kill;
                }
            };
            assertEquals(kill, assertThrows(RuntimeException.class, () -> new Trainer(settings, checkpoint, killer)
                    .fit(interrupted, FACES.train(), FACES.validation(), false)));
            TrainingResult actual = new Trainer(settings, checkpoint, Progress.NONE)
                    .fit(resumed, FACES.train(), FACES.validation(), true);
            assertEquals(expected.bestEpoch(), actual.bestEpoch());
            for (int epoch = 0; epoch < 2; epoch++) {
                assertEquals(
                        expected.epochs().get(epoch).trainLoss(),
                        actual.epochs().get(epoch).trainLoss());
                assertEquals(
                        expected.epochs().get(epoch).validationLoss(),
                        actual.epochs().get(epoch).validationLoss());
            }
            assertSame(whole, resumed);
        }
    }

    private static void assertSame(Backbone a, Backbone b) {
        Map<String, Tensor> others = b.parameters();
        a.parameters().forEach((name, tensor) -> assertTrue(tensor.equal(others.get(name)), name));
        a.buffers()
                .forEach((name, tensor) -> assertTrue(tensor.equal(b.buffers().get(name)), name));
    }

    /** What is kept is the average: computed here beside a training that keeps its weights as they are. */
    @Test
    void theAverageIsWhatIsValidatedAndKept() throws IOException {
        TrainingSettings plain = settings(LossKind.CROSS_ENTROPY).withEpochs(1);
        try (Backbone kept = new Compact(1);
                Backbone last = new Compact(1);
                PointerScope scope = new PointerScope()) {
            Map<String, Tensor> expected = new LinkedHashMap<>();
            Map<String, Tensor> tensors = new LinkedHashMap<>(last.parameters());
            tensors.putAll(last.buffers());
            tensors.forEach((name, tensor) -> expected.put(name, tensor.detach().clone()));
            Progress follow = (task, done, total) -> {
                double decay = Math.min(0.9, done / (9.0 + done)); // step done - 1
                expected.forEach((name, tensor) ->
                        tensor.mul_(new Scalar(decay)).add_(tensors.get(name).detach(), new Scalar(1 - decay)));
            };
            new Trainer(plain, null, follow).fit(last, FACES.train(), FACES.validation(), false);
            TrainingResult result = new Trainer(plain.withAveraging(0.9), null, Progress.NONE)
                    .fit(kept, FACES.train(), FACES.validation(), false);
            Map<String, Tensor> averaged = new LinkedHashMap<>(kept.parameters());
            averaged.putAll(kept.buffers());
            averaged.forEach((name, tensor) ->
                    assertTrue(torch.allclose(tensor.detach(), expected.get(name), 1e-4, 1e-6, false), name));
            assertFalse(tensors.get("head.weight").equal(kept.parameters().get("head.weight")));
            double accuracy = accuracy(kept, FACES.validation());
            assertEquals(accuracy, result.epochs().get(0).validationAccuracy(), 1e-9);
        }
    }

    private static double accuracy(Backbone backbone, FaceImages images) {
        Tensor features = Embedder.features(backbone, images.toTensor());
        return Tensors.accuracy(backbone.logits(features, false), Tensors.labels(images.labels(), new Device("cpu")));
    }

    @Test
    void resumeRefusesACheckpointOfAnotherTraining() throws IOException {
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        TrainingSettings settings = settings(LossKind.CROSS_ENTROPY).withEpochs(1);
        try (Backbone backbone = new Compact(1)) {
            new Trainer(settings, checkpoint, Progress.NONE).fit(backbone, FACES.train(), FACES.validation(), false);
        }
        FaceImages fewer = FACES.train().select(IntStream.range(0, 100).toArray());
        String inputs = "belongs to other images or start weights; give the same ones or leave out --resume";
        assertTrue(refusal(settings.withLearningRate(0.5), 1, FACES.train(), FACES.validation())
                .contains("was written under other settings"));
        assertTrue(refusal(settings, 1, fewer, FACES.validation()).endsWith(inputs));
        assertTrue(refusal(settings, 1, FACES.train(), fewer).endsWith(inputs));
        assertTrue(refusal(settings, 2, FACES.train(), FACES.validation()).endsWith(inputs));
    }

    private String refusal(TrainingSettings settings, long startSeed, FaceImages train, FaceImages validation) {
        Trainer trainer = new Trainer(settings, folder.resolve("checkpoint.safetensors"), Progress.NONE);
        try (Backbone backbone = new Compact(startSeed)) {
            return assertThrows(IllegalArgumentException.class, () -> trainer.fit(backbone, train, validation, true))
                    .getMessage();
        }
    }

    @Test
    void aResumedTrainingMayTakeMoreEpochs() throws IOException {
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        TrainingSettings settings = settings(LossKind.CROSS_ENTROPY).withEpochs(1);
        try (Backbone first = new Compact(1);
                Backbone second = new Compact(1)) {
            new Trainer(settings, checkpoint, Progress.NONE).fit(first, FACES.train(), FACES.validation(), false);
            TrainingResult longer = new Trainer(settings.withEpochs(2), checkpoint, Progress.NONE)
                    .fit(second, FACES.train(), FACES.validation(), true);
            assertEquals(2, longer.epochs().size());
            double rate = settings.learningRate() * Schedule.cosine(0.75); // in the middle of the second of two
            assertEquals(rate, longer.epochs().get(1).learningRate(), 1e-12);
        }
    }

    @Test
    void logHasOneLinePerEpochAndEmptyCellsForWhatIsNotThere() throws IOException {
        try (Backbone backbone = new Compact(1)) {
            new Trainer(settings(LossKind.CROSS_ENTROPY), folder.resolve("checkpoint.safetensors"), Progress.NONE)
                    .fit(backbone, FACES.train(), FACES.validation(), false);
        }
        var lines = Files.readAllLines(folder.resolve("log.csv"));
        assertEquals(3, lines.size());
        assertTrue(lines.get(0).startsWith("epoch,learning_rate,train_loss,"), lines.get(0));
        assertTrue(lines.get(2).startsWith("2,"), lines.get(2));
        assertFalse(lines.get(1).contains("NaN"), lines.get(1));
    }

    @Test
    void oneValidationImagePerClassIsEnough() throws IOException {
        int[] firsts = IntStream.range(0, 7)
                .map(label -> IntStream.range(0, FACES.test().size())
                        .filter(row -> FACES.test().labels()[row] == label)
                        .findFirst()
                        .orElseThrow())
                .toArray();
        try (Backbone backbone = new Compact(1)) {
            TrainingResult result = new Trainer(settings(LossKind.TRIPLET).withEpochs(1), null, Progress.NONE)
                    .fit(backbone, FACES.train(), FACES.test().select(firsts), false);
            assertEquals(0, result.epochs().get(0).validationLoss());
        }
    }

    @Test
    void divergenceIsNamed() {
        try (Backbone backbone = new Compact(1)) {
            try (NoGradGuard guard = new NoGradGuard()) {
                backbone.parameters().get("head.bias").fill_(new Scalar(Double.NaN));
            }
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> new Trainer(
                            settings(LossKind.CROSS_ENTROPY), null, Progress.NONE)
                    .fit(backbone, FACES.train(), FACES.validation(), false));
            assertTrue(e.getMessage().contains("NaN in epoch 1; lower the learning rate"), e.getMessage());
        }
    }

    @Test
    void outOfMemorySaysWhatToLower() {
        Progress shortage = (task, done, total) -> {
            throw new RuntimeException("CUDA out of memory. Tried to allocate 2.00 GiB.\nException raised from malloc");
        };
        assertEquals(
                "out of GPU memory; lower --batch-size (now 64)",
                failure(settings(LossKind.CROSS_ENTROPY).withBatchSize(64), shortage));
        assertEquals(
                "out of GPU memory; lower --images-per-class (now 18)", failure(settings(LossKind.TRIPLET), shortage));
        Progress host = (task, done, total) -> torch.empty(1L << 50);
        assertEquals("out of memory; lower --images-per-class (now 18)", failure(settings(LossKind.JOINT), host));
    }

    private static String failure(TrainingSettings settings, Progress progress) {
        try (Backbone backbone = new Compact(1)) {
            return assertThrows(IllegalStateException.class, () -> new Trainer(settings, null, progress)
                            .fit(backbone, FACES.train(), FACES.validation(), false))
                    .getMessage();
        }
    }

    @Test
    void aStepIsAsLargeAsAskedFor() {
        int images = FACES.train().size();
        assertEquals(1, stepsOf(settings(LossKind.CROSS_ENTROPY).withBatchSize(images)));
        assertEquals(images / 10, stepsOf(settings(LossKind.CROSS_ENTROPY).withBatchSize(10)));
        assertTrue(stepsOf(settings(LossKind.TRIPLET).withImagesPerClass(4)) > 3 * stepsOf(settings(LossKind.TRIPLET)));
    }

    private static long stepsOf(TrainingSettings settings) {
        AtomicLong steps = new AtomicLong();
        RuntimeException enough = new RuntimeException("one step is enough");
        Progress counter = (task, done, total) -> {
            steps.set(total);
            throw enough;
        };
        try (Backbone backbone = new Compact(1)) {
            assertThrows(RuntimeException.class, () -> new Trainer(settings.withEpochs(1), null, counter)
                    .fit(backbone, FACES.train(), FACES.validation(), false));
        }
        return steps.get();
    }

    @Test
    void savedModelPredictsTheSame() throws IOException {
        Path file = folder.resolve("model.safetensors");
        try (Backbone backbone = new Compact(5)) {
            new Trainer(settings(LossKind.TRIPLET).withEpochs(1), null, Progress.NONE)
                    .fit(backbone, FACES.train(), FACES.validation(), false);
            FloatMatrix before = Embedder.embed(backbone, FACES.test(), true, Progress.NONE);
            ModelFile.write(file, backbone, Map.of("loss", "triplet"));
            try (ModelFile model = ModelFile.read(file)) {
                assertTrue(model.normalised());
                FloatMatrix after = Embedder.embed(model.backbone(), FACES.test(), true, Progress.NONE);
                assertEquals(-1, Arrays.mismatch(before.values(), after.values()));
            }
        }
    }
}
