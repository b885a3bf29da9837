package dev.mien.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mien.backbones.BackboneKind;
import dev.mien.classifiers.ClassifierKind;
import dev.mien.classifiers.ClassifierPreset;
import dev.mien.data.Expression;
import dev.mien.data.FloatMatrix;
import dev.mien.data.Split;
import dev.mien.internal.Progress;
import dev.mien.training.LossKind;
import dev.mien.training.Preset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierStageTest {

    private static final int IMAGES = 70;

    @TempDir
    Path folder;

    @Test
    void afterASearchAllCopiesAreFitted() throws IOException {
        ExperimentOptions options = new ExperimentOptions(
                Preset.QUICK,
                BackboneKind.COMPACT,
                TrainingChanges.NONE,
                ClassifierPreset.QUICK,
                List.of(1L),
                10,
                ExperimentOptions.ALL,
                TrainingFeatures.AUGMENTED,
                null,
                "cpu",
                1,
                false,
                "");
        int[] labels = IntStream.range(0, 2 * IMAGES)
                .map(row -> row % Expression.COUNT)
                .toArray();
        FloatMatrix train = clusters(labels);
        FloatMatrix test = clusters(IntStream.range(0, Expression.COUNT).toArray());
        AtomicLong fits = new AtomicLong();
        Progress progress = (task, done, total) -> fits.set(task.startsWith("search") ? total : fits.get());
        ClassifierStage.Outcome outcome = new ClassifierStage(options, 1, folder, progress)
                .run(
                        ClassifierKind.SVM,
                        LossKind.TRIPLET,
                        null,
                        labels,
                        Map.of(Split.TRAIN, train, Split.VALIDATION, test, Split.TEST, test));
        assertEquals(10, fits.get());
        assertEquals("140", outcome.settings().get("fitted on rows"));
        assertArrayEquals(IntStream.range(0, Expression.COUNT).toArray(), outcome.test());
    }

    private static FloatMatrix clusters(int[] labels) {
        Random random = new Random(3);
        float[] values = new float[labels.length * Expression.COUNT];
        for (int i = 0; i < values.length; i++) {
            boolean own = labels[i / Expression.COUNT] == i % Expression.COUNT;
            values[i] = (float) ((own ? 5 : 0) + random.nextGaussian());
        }
        return new FloatMatrix(values, labels.length, Expression.COUNT);
    }
}
