package dev.mien.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.backbones.BackboneKind;
import dev.mien.data.Dataset;
import dev.mien.data.SchematicFaces;
import dev.mien.evaluation.Results;
import dev.mien.internal.Progress;
import dev.mien.training.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentTest {

    private static final Dataset FACES = SchematicFaces.generate(300, 21);

    @TempDir
    Path folder;

    private static ExperimentOptions options(boolean resume) {
        return new ExperimentOptions(
                Preset.QUICK,
                BackboneKind.COMPACT,
                1,
                96,
                null,
                List.of(1L),
                0,
                null,
                "cpu",
                2,
                resume,
                "mien experiment");
    }

    private Results run(boolean resume, Progress progress) throws IOException {
        return new Experiment(FACES, options(resume), folder, progress, message -> {}).run();
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
    }
}
