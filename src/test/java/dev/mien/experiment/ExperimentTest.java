package dev.mien.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.backbones.BackboneKind;
import dev.mien.classifiers.ClassifierPreset;
import dev.mien.data.Dataset;
import dev.mien.data.FloatMatrix;
import dev.mien.data.Npy;
import dev.mien.data.SchematicFaces;
import dev.mien.evaluation.Results;
import dev.mien.internal.Progress;
import dev.mien.training.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentTest {

    private static final Dataset FACES = SchematicFaces.generate(300, 21);

    @TempDir
    Path folder;

    private static ExperimentOptions options(TrainingFeatures features, boolean resume) {
        return options(1, features, resume);
    }

    private static ExperimentOptions options(int epochs, TrainingFeatures features, boolean resume) {
        return new ExperimentOptions(
                Preset.QUICK,
                BackboneKind.COMPACT,
                new TrainingChanges(epochs, null, 96, null, null, null, null),
                ClassifierPreset.QUICK,
                List.of(1L),
                0,
                ExperimentOptions.ALL,
                features,
                null,
                "cpu",
                2,
                resume,
                "mien experiment");
    }

    private Results run(boolean resume, Progress progress) throws IOException {
        return run(TrainingFeatures.PLAIN, resume, progress);
    }

    private Results run(TrainingFeatures features, boolean resume, Progress progress) throws IOException {
        return new Experiment(FACES, options(features, resume), folder, progress, message -> {}).run();
    }

    @Test
    void scoresEveryCombinationAndResumesFromAnyStage() throws IOException {
        RuntimeException kill = new RuntimeException("killed");
        Progress killer = (task, done, total) -> {
            if (task.equals("fit random-forest")) {
                throw kill;
            }
        };
        assertEquals(kill, assertThrows(RuntimeException.class, () -> run(false, killer)));

        Queue<String> tasks = new ConcurrentLinkedQueue<>();
        Results results = run(true, (task, done, total) -> tasks.add(task));
        assertTrue(tasks.contains("fit random-forest"));
        // Cross entropy's network and its first three classifiers are kept; the triplet model's are fitted.
        assertEquals(2 * 1, tasks.stream().filter("fit svm"::equals).count(), "begin and end of one fit");
        assertEquals(2 * 2, tasks.stream().filter("fit xgboost"::equals).count(), "begin and end of two fits");
        assertTrue(
                results.settings().stream().anyMatch(setting -> setting.value()
                        .contains("triplet: compact, started from the cross-entropy model's weights")),
                results.settings()::toString);
        assertEquals(20, results.runs().size());
        assertEquals(
                10,
                results.runs().stream()
                        .map(run -> run.loss() + "/" + run.classifier())
                        .distinct()
                        .count());
        assertEquals(
                Set.of("cross-entropy", "triplet"),
                results.curves().stream().map(Results.Curve::loss).collect(Collectors.toSet()));
        assertEquals(2, results.distances().size());
        assertEquals(
                List.of("cross-entropy", "triplet"),
                results.retrieval().stream().map(Results.Retrieval::loss).toList());
        for (Results.Retrieval found : results.retrieval()) {
            assertTrue(found.mean().mapAtR() > 0 && found.mean().mapAtR() <= 1, found::toString);
        }
        for (Results.Run run : results.runs()) {
            long scored = run.confusion().stream()
                    .flatMap(List::stream)
                    .mapToLong(Long::longValue)
                    .sum();
            assertEquals(run.n(), scored, run.classifier());
        }
        for (String file : List.of(
                "results.json",
                "report.md",
                "report.html",
                "seed-1/triplet/model.safetensors",
                "seed-1/triplet/log.csv",
                "seed-1/cross-entropy/xgboost.classifier",
                "seed-1/triplet/test.npy")) {
            assertTrue(Files.size(folder.resolve(file)) > 0, file);
        }

        tasks.clear();
        Results again = run(true, (task, done, total) -> tasks.add(task));
        assertEquals(List.of(), List.copyOf(tasks), "nothing is left to do");
        assertEquals(results.runs(), again.runs());
        assertEquals(
                results.runs(), Results.read(folder.resolve("results.json")).runs());

        new Experiment(
                        FACES.limited(60, 1),
                        options(TrainingFeatures.PLAIN, true),
                        folder,
                        (task, done, total) -> tasks.add(task),
                        message -> {})
                .run();
        assertTrue(tasks.contains("train cross-entropy") && tasks.contains("train triplet"), "other images");
    }

    @Test
    void plainAndAugmentedFeaturesAreNotMistakenForEachOther() throws IOException {
        Results plain = run(false, Progress.NONE);
        Map<String, FileTime> features = features();
        Queue<String> tasks = new ConcurrentLinkedQueue<>();
        Results augmented = run(TrainingFeatures.AUGMENTED, true, (task, done, total) -> tasks.add(task));
        // Two networks, 2 x 240 rows each in batches of 128; validation and test are kept.
        assertEquals(2 * 4, tasks.stream().filter("embed"::equals).count());
        assertEquals(2 * 2, tasks.stream().filter("fit svm"::equals).count(), "begin and end of two fits");
        assertEquals(
                240, Npy.readFloats(folder.resolve("seed-1/triplet/train.npy")).rows());
        assertEquals(
                480,
                Npy.readFloats(folder.resolve("seed-1/triplet/train-augmented.npy"))
                        .rows());
        assertEquals(features, features());
        assertEquals(plain.distances(), augmented.distances());
        assertNotEquals(scores(plain), scores(augmented));
        assertEquals(List.of(), deviations(plain));
        assertTrue(deviations(augmented).get(0).contains("2 copies"), augmented.settings()::toString);
        assertTrue(Files.readString(folder.resolve("report.md")).contains("2 copies of each training image"));

        tasks.clear();
        Results again = run(TrainingFeatures.PLAIN, true, (task, done, total) -> tasks.add(task));
        assertEquals(0, tasks.stream().filter("embed"::equals).count());
        assertEquals(scores(plain), scores(again));
    }

    /** When the features that both runs need were written. */
    private Map<String, FileTime> features() throws IOException {
        Map<String, FileTime> written = new TreeMap<>();
        for (String file : List.of("model.safetensors", "train.npy", "validation.npy", "test.npy")) {
            written.put(
                    file,
                    Files.getLastModifiedTime(
                            folder.resolve("seed-1/cross-entropy").resolve(file)));
        }
        return written;
    }

    private static List<List<List<Long>>> scores(Results results) {
        return results.runs().stream().map(Results.Run::confusion).toList();
    }

    private static List<String> deviations(Results results) {
        return results.settings().stream()
                .filter(setting -> setting.name().equals("training features"))
                .map(Results.Setting::value)
                .toList();
    }

    /** A run that ends between model and features must not leave the next one those of an older model. */
    @Test
    void featuresOfAnotherModelAreNotKept() throws IOException {
        Files.createDirectories(folder.resolve("seed-1/cross-entropy"));
        Path stale = folder.resolve("seed-1/cross-entropy/train-augmented.npy");
        Npy.write(stale, new FloatMatrix(new float[480 * 512], 480, 512));
        RuntimeException kill = new RuntimeException("killed");
        Progress killer = (task, done, total) -> {
            if (task.equals("embed")) {
                throw kill;
            }
        };
        assertEquals(kill, assertThrows(RuntimeException.class, () -> run(false, killer)));
        assertTrue(Files.exists(folder.resolve("seed-1/cross-entropy/model.safetensors")));
        assertFalse(Files.exists(stale));
    }

    @Test
    void aTrainingGoesOnFromTheCheckpointOfItsOwnImagesOnly() throws IOException {
        interruptInTheSecondEpoch(FACES, 2, false);
        List<Long> rest = interruptInTheSecondEpoch(FACES, 2, true);
        assertEquals(List.of(4L), rest, "begins with the second epoch, 3 steps each");
        assertEquals(List.of(4L), interruptInTheSecondEpoch(FACES, 3, true), "lengthened");
        List<Long> anew = interruptInTheSecondEpoch(SchematicFaces.generate(300, 22), 2, true);
        assertEquals(List.of(1L, 2L, 3L, 4L), anew);
        try (Stream<Path> files = Files.list(folder.resolve("seed-1/cross-entropy"))) {
            assertEquals(
                    1,
                    files.filter(file -> file.toString().contains("checkpoint")).count());
        }
    }

    /** Ends a training after its fourth step; returns the steps it took. */
    private List<Long> interruptInTheSecondEpoch(Dataset faces, int epochs, boolean resume) {
        RuntimeException kill = new RuntimeException("killed");
        List<Long> steps = new ArrayList<>();
        Progress killer = (task, done, total) -> {
            steps.add(done);
            if (done == 4) {
                throw kill;
            }
        };
        Experiment experiment =
                new Experiment(faces, options(epochs, TrainingFeatures.PLAIN, resume), folder, killer, message -> {});
        assertEquals(kill, assertThrows(RuntimeException.class, experiment::run));
        return steps;
    }
}
