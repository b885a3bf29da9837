package dev.mien.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

    @TempDir
    Path folder;

    @Test
    void survivesARoundTrip() throws IOException {
        Path file = folder.resolve("results.json");
        Results results = MadeUpResults.create();
        results.write(file);
        assertEquals(results, Results.read(file));
    }

    @Test
    void writesTheAgreedKeys() throws IOException {
        JsonNode json = written(MadeUpResults.create());
        assertEquals(
                Set.of(
                        "mien",
                        "device",
                        "kernels",
                        "dataset",
                        "runs",
                        "preset",
                        "command",
                        "started",
                        "seconds",
                        "curves",
                        "distances",
                        "retrieval",
                        "settings",
                        "notes"),
                keys(json));
        assertEquals(Set.of("train", "validation", "test"), keys(json.at("/dataset/counts")));
        assertEquals(7, json.at("/dataset/class_counts/test").size());
        assertEquals(
                Set.of(
                        "backbone",
                        "parameters",
                        "loss",
                        "classifier",
                        "split",
                        "n",
                        "accuracy",
                        "accuracy_ci95",
                        "precision",
                        "recall",
                        "f1",
                        "accuracy_deduplicated",
                        "n_deduplicated",
                        "mcnemar_p",
                        "per_class",
                        "confusion",
                        "seconds",
                        "precision_weighted",
                        "recall_weighted",
                        "f1_weighted",
                        "seed"),
                keys(json.at("/runs/0")));
        assertEquals(Set.of("label", "support", "precision", "recall", "f1"), keys(json.at("/runs/0/per_class/0")));
        assertEquals(
                Set.of("backbone", "loss", "seed", "parameters", "seconds", "best_epoch", "epochs"),
                keys(json.at("/curves/0")));
        assertEquals(
                Set.of(
                        "epoch",
                        "learning_rate",
                        "train_loss",
                        "validation_loss",
                        "train_accuracy",
                        "validation_accuracy",
                        "images_per_second",
                        "seconds",
                        "active_fraction",
                        "valid_anchors",
                        "triplets"),
                keys(json.at("/curves/0/epochs/0")));
        assertEquals(
                Set.of("backbone", "loss", "distance", "bin_edges", "same", "different"),
                keys(json.at("/distances/0")));
        assertEquals(
                Set.of(
                        "backbone",
                        "loss",
                        "seed",
                        "split",
                        "distance",
                        "n",
                        "without_match",
                        "mean",
                        "macro",
                        "nmi",
                        "separation"),
                keys(json.at("/retrieval/0")));
        assertEquals(
                Set.of("precision_at_1", "r_precision", "map_at_r", "mean_reciprocal_rank", "silhouette"),
                keys(json.at("/retrieval/0/mean")));
        assertEquals(Set.of("name", "value", "topic"), keys(json.at("/settings/0")));
        assertTrue(json.at("/settings/0/topic").isTextual());
    }

    @Test
    void undefinedNumbersAreNull() throws IOException {
        Results.Run run = new Results.Run(
                "b",
                1L,
                "triplet",
                "svm",
                "test",
                0,
                Double.NaN,
                null,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                null,
                null,
                null,
                Double.NaN,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        assertNull(run.accuracy());
        JsonNode json = written(MadeUpResults.of(List.of(run)));
        assertTrue(json.at("/runs/0/accuracy").isNull());
        assertTrue(json.at("/runs/0/mcnemar_p").isNull());
    }

    @Test
    void readsWhatOthersAddAndLeaveOut() throws IOException {
        Path file = folder.resolve("results.json");
        Files.writeString(file, "{\"mien\":\"9\",\"unheard\":[1],\"settings\":[{\"name\":\"a\",\"value\":\"b\"}]}");
        Results results = Results.read(file);
        assertEquals("9", results.mien());
        assertEquals(List.of(), results.runs());
        assertEquals(Results.Topic.PROTOCOL, results.settings().get(0).topic());
    }

    @Test
    void malformedFilesAreNamed() throws IOException {
        Path file = folder.resolve("results.json");
        for (String text : List.of("", "null", "[]", "{\"runs\":3}", "{\"mien\":", "{\"runs\":[null]}")) {
            Files.writeString(file, text);
            IOException error = assertThrows(IOException.class, () -> Results.read(file), text);
            assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
            assertEquals(1, error.getMessage().lines().count(), error.getMessage());
        }
        assertThrows(IOException.class, () -> Results.read(folder.resolve("missing.json")));
    }

    private JsonNode written(Results results) throws IOException {
        Path file = folder.resolve("written.json");
        results.write(file);
        return new ObjectMapper().readTree(Files.readString(file));
    }

    private static Set<String> keys(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return new TreeSet<>(names);
    }
}
