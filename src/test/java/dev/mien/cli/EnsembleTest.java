package dev.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mien.backbones.Backbone;
import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.ModelFile;
import dev.mien.classifiers.Classifier;
import dev.mien.classifiers.Classifiers;
import dev.mien.data.FaceImages;
import dev.mien.data.FloatMatrix;
import dev.mien.data.Npy;
import dev.mien.data.SchematicFaces;
import dev.mien.data.ViewSet;
import dev.mien.internal.Progress;
import dev.mien.training.Embedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several models, and several classifiers, scored as one. */
class EnsembleTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "schematic:300";
    private static final FaceImages FACES = SchematicFaces.generate(300, 1).validation();

    @TempDir
    static Path folder;

    /** Networks of random weights disagree often enough; the input of one is 48 pixels wide, that of the other 44. */
    @BeforeAll
    static void models() throws IOException {
        model("a", BackboneKind.COMPACT, 1, "cross-entropy");
        model("b", BackboneKind.VGG19_BN, 2, "cross-entropy");
        model("t", BackboneKind.COMPACT, 3, "triplet");
    }

    private static void model(String name, BackboneKind kind, long seed, String loss) throws IOException {
        try (Backbone backbone = kind.create(seed)) {
            ModelFile.write(at(name), backbone, Map.of("loss", loss));
        }
    }

    @Test
    void modelsAreScoredByTheMeanOfTheirProbabilities() throws IOException {
        JsonNode scores = evaluated("--model", at("a"), "--model", at("b"), "--views", "mirrored");
        assertEquals("compact + vgg19-bn", scores.get("backbone").asText());
        assertEquals(
                at("b").toString(), scores.get("models").get(1).get("model").asText());
        assertEquals("compact", scores.get("models").get(0).get("backbone").asText());
        double[] mean = new double[FACES.size() * 7];
        for (String name : List.of("a", "b")) {
            float[] of = probabilities(name);
            IntStream.range(0, mean.length).forEach(i -> mean[i] += of[i]);
        }
        int[][] confusion = new int[7][7];
        for (int row = 0; row < FACES.size(); row++) {
            int start = row * 7;
            int best = IntStream.range(0, 7)
                    .reduce((x, y) -> mean[start + y] > mean[start + x] ? y : x)
                    .orElseThrow();
            confusion[FACES.labels()[row]][best]++;
        }
        assertEquals(JSON.valueToTree(confusion), scores.get("confusion"));
    }

    private static float[] probabilities(String name) throws IOException {
        try (ModelFile model = ModelFile.read(at(name));
                PointerScope scope = new PointerScope()) {
            FloatMatrix features = Embedder.embed(model.backbone(), FACES, ViewSet.MIRRORED, false, Progress.NONE);
            Tensor logits = model.backbone()
                    .logits(Tensor.create(features.values(), features.rows(), features.columns()), false);
            float[] values = new float[FACES.size() * 7];
            torch.softmax(logits, 1).contiguous().data_ptr_float().get(values);
            return values;
        }
    }

    @Test
    void aModelWithItselfScoresAsAlone() throws IOException {
        JsonNode alone = evaluated("--model", at("a"));
        assertEquals("compact", alone.get("backbone").asText());
        assertFalse(alone.has("models"), alone::toString);
        assertEquals(
                alone.get("confusion"),
                evaluated("--model", at("a"), "--model", at("a")).get("confusion"));
    }

    @Test
    void theTextNamesAllModels() {
        String text = Mien.run("model", "evaluate", "--data", DATA, "--model", at("a"), "--model", at("b"))
                .out();
        assertTrue(text.startsWith("mean of %s (compact), %s (vgg19-bn): accuracy ".formatted(at("a"), at("b"))), text);
        text = Mien.run("model", "evaluate", "--data", DATA, "--model", at("a")).out();
        assertTrue(text.startsWith("compact: accuracy "), text);
    }

    @Test
    void theModelWithoutAHeadIsNamed() {
        refused(
                at("t") + " was trained with triplet loss",
                "model",
                "evaluate",
                "--data",
                DATA,
                "--model",
                at("a"),
                "--model",
                at("t"));
    }

    /** Each classifier is given rows of its own: features of a network, and half of them. */
    @Test
    void classifiersAreScoredByTheMeanOfTheirProbabilities() throws IOException {
        FloatMatrix whole = embedded("a");
        FloatMatrix half = new FloatMatrix(half(whole), whole.rows(), whole.columns() / 2);
        Npy.write(at("half.npy"), half);
        fit("forest", "random-forest", at("a-features/embeddings.npy"));
        fit("softmax", "softmax", at("half.npy"));
        fit("svm", "svm", at("half.npy"));
        JsonNode scores = json(classifiers("forest", at("a-features/embeddings.npy"), "softmax", at("half.npy")));
        assertEquals("random-forest + softmax", scores.get("classifier").asText());
        assertEquals(
                at("half.npy").toString(),
                scores.get("classifiers").get(1).get("embeddings").asText());
        int right = 0;
        try (Classifier forest = Classifiers.load(at("forest"));
                Classifier softmax = Classifiers.load(at("softmax"))) {
            float[] first = forest.probabilities(whole).values();
            float[] second = softmax.probabilities(half).values();
            for (int row = 0; row < FACES.size(); row++) {
                int start = row * 7;
                int best = IntStream.range(0, 7)
                        .reduce((x, y) -> (double) first[start + y] + second[start + y]
                                        > (double) first[start + x] + second[start + x]
                                ? y
                                : x)
                        .orElseThrow();
                right += best == FACES.labels()[row] ? 1 : 0;
            }
        }
        assertEquals(right / (double) FACES.size(), scores.get("accuracy").asDouble(), 1e-12);
        assertFalse(json("evaluate", "--classifier", at("svm"), "--embeddings", at("half.npy"), "--labels", labels())
                .has("classifiers"));
        refused(
                at("svm") + ": svm votes and gives no class probabilities",
                classifiers("svm", at("half.npy"), "softmax", at("half.npy")));
        Npy.write(at("short.npy"), half.select(new int[] {0, 1}));
        refused(at("short.npy") + " has 2 rows", classifiers("softmax", at("half.npy"), "softmax", at("short.npy")));
        refused(
                at("softmax") + ": the classifier was fitted on 256 features per row, not 512",
                classifiers("softmax", at("half.npy"), "softmax", at("a-features/embeddings.npy")));
    }

    private static Object[] classifiers(String first, Path firstRows, String second, Path secondRows) {
        return new Object[] {
            "evaluate",
            "--classifier",
            at(first),
            "--embeddings",
            firstRows,
            "--classifier",
            at(second),
            "--embeddings",
            secondRows,
            "--labels",
            labels()
        };
    }

    private static FloatMatrix embedded(String model) throws IOException {
        Path out = at(model + "-features");
        json("embed", "--model", at(model), "--data", DATA, "--split", "validation", "--out", out);
        return Npy.readFloats(out.resolve("embeddings.npy"));
    }

    private static float[] half(FloatMatrix rows) {
        float[] values = new float[rows.values().length / 2];
        for (int row = 0; row < rows.rows(); row++) {
            System.arraycopy(rows.row(row), 0, values, row * rows.columns() / 2, rows.columns() / 2);
        }
        return values;
    }

    private static void fit(String name, String kind, Path rows) throws IOException {
        json(
                "fit",
                "--classifier",
                kind,
                "--preset",
                "quick",
                "--threads",
                1,
                "--embeddings",
                rows,
                "--labels",
                labels(),
                "--out",
                at(name));
    }

    private static Path labels() {
        return at("a-features/labels.npy");
    }

    private static JsonNode evaluated(Object... arguments) throws IOException {
        Object[] command = {"model", "evaluate", "--data", DATA, "--split", "validation"};
        return json(Stream.concat(Stream.of(command), Stream.of(arguments)).toArray());
    }

    private static void refused(String part, Object... arguments) {
        Mien.Outcome outcome = Mien.run(arguments);
        assertEquals(1, outcome.code(), outcome::toString);
        assertEquals(
                1,
                outcome.err().lines().filter(line -> line.startsWith("mien: ")).count(),
                outcome.err());
        assertTrue(outcome.err().contains(part), outcome.err());
    }

    private static JsonNode json(Object... arguments) throws IOException {
        Mien.Outcome outcome = Mien.run(
                Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray());
        assertEquals(0, outcome.code(), outcome::toString);
        return JSON.readTree(outcome.out());
    }

    private static Path at(String name) {
        return folder.resolve(name);
    }
}
