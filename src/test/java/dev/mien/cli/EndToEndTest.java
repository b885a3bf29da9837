package dev.mien.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mien.backbones.ModelFile;
import dev.mien.classifiers.ClassifierKind;
import dev.mien.data.Augmentation;
import dev.mien.data.Datasets;
import dev.mien.data.FaceImages;
import dev.mien.data.FloatMatrix;
import dev.mien.internal.Progress;
import dev.mien.miners.MinerKind;
import dev.mien.training.Embedder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faces to model to embeddings to everything made of them, as a script would do it. */
class EndToEndTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "schematic:300";

    @TempDir
    static Path folder;

    @BeforeAll
    static void trainAndEmbed() throws IOException {
        JsonNode trained = json("train", "--data", DATA, "--out", at("m.safetensors"), "--epochs", "1");
        assertEquals("compact", trained.get("backbone").asText());
        assertEquals(1, trained.get("epochs").size());
        for (String split : List.of("train", "test")) {
            json("embed", "--model", at("m.safetensors"), "--data", DATA, "--split", split, "--out", at(split));
        }
    }

    @Test
    void trainingLeavesModelAndLogOnly() throws IOException {
        assertTrue(Files.isRegularFile(at("m.safetensors")));
        assertEquals(List.of("log.csv"), names(at("m.training")));
        assertEquals(2, Files.readAllLines(at("m.training/log.csv")).size());
    }

    @Test
    void augmentationIsTheOneNamedWithTheErasingGiven() throws IOException {
        Object[] train = {"train", "--data", "schematic:70", "--out", at("a.safetensors"), "--epochs", "1"};
        json(Stream.concat(Stream.of(train), Stream.of("--augmentation", "none", "--erasing", "0.3"))
                .toArray());
        String settings = json("model", "inspect", "--model", at("a.safetensors"))
                .get("metadata")
                .get("mien.settings")
                .asText();
        String expected = Augmentation.NONE.withErasing(0.3, 0.02, 0.25).toString();
        assertTrue(settings.contains("augmentation=" + expected), settings);
    }

    @Test
    void tripletModelsEmbedOnTheUnitSphere() throws IOException {
        json(
                "train",
                "--data",
                "schematic:140",
                "--out",
                at("t.safetensors"),
                "--epochs",
                "1",
                "--loss",
                "triplet",
                "--miner",
                "semi-hard",
                "--semantics",
                "tfa",
                "--margin",
                "0.3",
                "--weights",
                at("m.safetensors"));
        JsonNode embedded = json(
                "embed",
                "--model",
                at("t.safetensors"),
                "--data",
                "schematic:140",
                "--split",
                "test",
                "--out",
                at("t"));
        assertTrue(embedded.get("normalised").asBoolean());
        ByteBuffer values = NpyBytes.data(at("t/embeddings.npy"));
        double sum = 0;
        for (int i = 0; i < 512; i++) {
            double value = values.getFloat();
            sum += value * value;
        }
        assertEquals(1, sum, 1e-5);
    }

    @Test
    void embeddingsLabelsAndNamesGoTogether() throws IOException {
        assertEquals(List.of("embeddings.npy", "labels.npy", "names.txt"), names(at("test")));
        String embeddings = NpyBytes.header(at("test/embeddings.npy"));
        assertTrue(embeddings.contains("'<f4'") && embeddings.contains("(30, 512)"), embeddings);
        String labels = NpyBytes.header(at("test/labels.npy"));
        assertTrue(labels.contains("'<i8'") && labels.contains("(30,)"), labels);
        List<String> expressions = List.of("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise");
        List<String> lines = Files.readAllLines(at("test/names.txt"));
        assertEquals(30, lines.size());
        ByteBuffer data = NpyBytes.data(at("test/labels.npy"));
        for (String line : lines) {
            assertTrue(line.contains("/" + expressions.get((int) data.getLong()) + "/"), line);
        }
    }

    @Test
    void augmentedCopiesTakeTheImagesPlaces() throws IOException {
        JsonNode embedded = augmented("augmented", "flagship");
        assertEquals(60, embedded.get("rows").asInt());
        assertEquals(2, embedded.get("augmented").asInt());
        List<String> names = Files.readAllLines(at("test/names.txt"));
        assertEquals(
                Stream.concat(names.stream(), names.stream()).toList(), Files.readAllLines(at("augmented/names.txt")));
        ByteBuffer labels = NpyBytes.data(at("augmented/labels.npy"));
        for (int copy = 0; copy < 2; copy++) {
            ByteBuffer of = NpyBytes.data(at("test/labels.npy"));
            while (of.hasRemaining()) {
                assertEquals(of.getLong(), labels.getLong());
            }
        }
        float[] rows = new float[60 * 512];
        NpyBytes.data(at("augmented/embeddings.npy")).asFloatBuffer().get(rows);
        assertFalse(Arrays.equals(Arrays.copyOf(rows, 30 * 512), Arrays.copyOfRange(rows, 30 * 512, rows.length)));
        augmented("again", "flagship");
        assertArrayEquals(
                Files.readAllBytes(at("augmented/embeddings.npy")), Files.readAllBytes(at("again/embeddings.npy")));
        augmented("other", "quick");
        assertFalse(Arrays.equals(
                Files.readAllBytes(at("augmented/embeddings.npy")), Files.readAllBytes(at("other/embeddings.npy"))));
    }

    private static JsonNode augmented(String out, String preset) throws IOException {
        return json(
                "embed",
                "--model",
                at("m.safetensors"),
                "--data",
                DATA,
                "--split",
                "test",
                "--augmented",
                2,
                "--preset",
                preset,
                "--out",
                at(out));
    }

    @ParameterizedTest
    @EnumSource
    void everyClassifierFitsAndIsEvaluated(ClassifierKind kind) throws IOException {
        Path file = at(kind.word() + ".classifier");
        JsonNode fitted = json(
                "fit",
                "--embeddings",
                at("train/embeddings.npy"),
                "--labels",
                at("train/labels.npy"),
                "--classifier",
                kind.word(),
                "--preset",
                "quick",
                "--threads",
                1, // XGBoost's threads wait for each other by spinning, which a busy machine punishes
                "--out",
                file);
        assertEquals(kind.word(), fitted.get("classifier").asText());
        assertTrue(fitted.get("cross_validated_accuracy").isNull());
        Path report = at(kind.word() + ".json");
        JsonNode scores = json(
                "evaluate",
                "--classifier",
                file,
                "--embeddings",
                at("test/embeddings.npy"),
                "--labels",
                at("test/labels.npy"),
                "--out",
                report);
        assertEquals(scores, JSON.readTree(report.toFile()));
        assertEquals(30, scores.get("n").asInt());
        int correct = 0;
        int total = 0;
        for (int i = 0; i < 7; i++) {
            correct += scores.get("confusion").get(i).get(i).asInt();
            for (JsonNode count : scores.get("confusion").get(i)) {
                total += count.asInt();
            }
        }
        assertEquals(30, total);
        assertEquals(correct / 30.0, scores.get("accuracy").asDouble(), 1e-12);
    }

    /** The head on the same features is what 'fit' and 'evaluate' would score had it been fitted there. */
    @Test
    void aModelIsScoredByItsOwnHead() throws IOException {
        Path report = at("model.json");
        JsonNode scores = json(
                "model",
                "evaluate",
                "--model",
                at("m.safetensors"),
                "--data",
                DATA,
                "--split",
                "validation",
                "--out",
                report);
        assertEquals(scores, JSON.readTree(report.toFile()));
        assertEquals(30, scores.get("n").asInt());
        assertTrue(scores.get("accuracy_deduplicated").isNull());
        assertEquals("mirrored", scores.get("views").asText());
        try (ModelFile model = ModelFile.read(at("m.safetensors"));
                PointerScope scope = new PointerScope()) {
            FaceImages images = Datasets.open(DATA, 1).validation();
            FloatMatrix features = Embedder.embed(model.backbone(), images, false, Progress.NONE);
            Tensor logits = model.backbone()
                    .logits(Tensor.create(features.values(), features.rows(), features.columns()), false);
            int correct = 0;
            for (int row = 0; row < 30; row++) {
                long best = logits.select(0, row).argmax().item_long();
                correct += best == images.labels()[row] ? 1 : 0;
            }
            assertEquals(correct / 30.0, scores.get("accuracy").asDouble(), 1e-12);
        }
        JsonNode test = json("model", "evaluate", "--model", at("m.safetensors"), "--data", DATA, "--views", "plain");
        assertEquals(30, test.get("n_deduplicated").asInt());
        assertEquals(test.get("accuracy"), test.get("accuracy_deduplicated"));
    }

    @Test
    void notesGoIntoACopy() throws IOException {
        Path copy = at("noted.safetensors");
        json(
                "model",
                "annotate",
                "--model",
                at("m.safetensors"),
                "--note",
                "licence=MIT",
                "--note",
                "data=",
                "--out",
                copy);
        JsonNode metadata = json("model", "inspect", "--model", copy).get("metadata");
        assertEquals("MIT", metadata.get("mien.licence").asText());
        assertEquals("cross-entropy", metadata.get("mien.loss").asText());
        assertFalse(metadata.has("mien.data"));
        JsonNode before = json("model", "inspect", "--model", at("m.safetensors"));
        assertEquals(
                before.get("tensors"), json("model", "inspect", "--model", copy).get("tensors"));
        Mien.Outcome refused = Mien.run(
                "model",
                "annotate",
                "--model",
                at("m.safetensors"),
                "--note",
                "labels=a,b",
                "--out",
                at("no.safetensors"));
        assertEquals(1, refused.code());
        assertTrue(refused.err().contains("'labels'"), refused::toString);
    }

    @Test
    void aSearchReportsItsCrossValidation() throws IOException {
        JsonNode fitted = json(
                "fit",
                "--embeddings",
                at("train/embeddings.npy"),
                "--labels",
                at("train/labels.npy"),
                "--classifier",
                "softmax",
                "--search",
                "5",
                "--out",
                at("searched"));
        double accuracy = fitted.get("cross_validated_accuracy").asDouble();
        assertTrue(accuracy > 0 && accuracy <= 1, fitted::toString);
    }

    @ParameterizedTest
    @EnumSource
    void everyMinerWritesTripletsOfTheRightClasses(MinerKind miner) throws IOException {
        Path out = at(miner.word() + ".npy");
        JsonNode mined = json(
                "mine",
                "--embeddings",
                at("test/embeddings.npy"),
                "--labels",
                at("test/labels.npy"),
                "--miner",
                miner.word(),
                "--distance",
                "cosine",
                "--out",
                out);
        int triplets = mined.get("statistics").get("triplets").asInt();
        String header = NpyBytes.header(out);
        assertTrue(header.contains("'<i8'") && header.contains("(" + triplets + ", 3)"), header);
        long[] labels = new long[30];
        NpyBytes.data(at("test/labels.npy")).asLongBuffer().get(labels);
        ByteBuffer rows = NpyBytes.data(out);
        for (int i = 0; i < triplets; i++) {
            int anchor = (int) rows.getLong();
            int positive = (int) rows.getLong();
            int negative = (int) rows.getLong();
            assertTrue(anchor != positive && labels[anchor] == labels[positive] && labels[anchor] != labels[negative]);
        }
        assertFalse(rows.hasRemaining());
    }

    @Test
    void rowsThatAreNotFiniteAreSkippedOnRequest() throws IOException {
        Path rows = NpyBytes.floats(at("holes.npy"), 5, 1, Float.NaN, 0, 1, 5, 7);
        Path labels = NpyBytes.longs(at("holes-labels.npy"), 0, 0, 0, 1, 1);
        Path out = at("holes-triplets.npy");
        JsonNode mined = json(
                "mine",
                "--embeddings",
                rows,
                "--labels",
                labels,
                "--miner",
                "batch-hard",
                "--skip-non-finite",
                "--out",
                out);
        assertEquals(1, mined.get("statistics").get("skipped_rows").asInt());
        long[] triplets = new long[12];
        NpyBytes.data(out).asLongBuffer().get(triplets);
        assertArrayEquals(new long[] {1, 2, 3, 2, 1, 3, 3, 4, 2, 4, 3, 2}, triplets);
    }

    @Test
    void theSeedDecidesWhatIsDrawn() throws IOException {
        assertArrayEquals(drawn("7"), drawn("7"));
        assertFalse(java.util.Arrays.equals(drawn("7"), drawn("8")));
    }

    private static byte[] drawn(String seed) throws IOException {
        Path out = at("drawn.npy");
        json(
                "mine",
                "--embeddings",
                at("test/embeddings.npy"),
                "--labels",
                at("test/labels.npy"),
                "--miner",
                "random",
                "--seed",
                seed,
                "--out",
                out);
        return Files.readAllBytes(out);
    }

    @Test
    void distancesAreThoseOfTheRows() throws IOException {
        Path a = NpyBytes.floats(at("a.npy"), 2, 2, 0, 0, 3, 4);
        Path b = NpyBytes.floats(at("b.npy"), 3, 2, 0, 0, 3, 0, 0, -1);
        json("distances", "--a", a, "--b", b, "--distance", "manhattan", "--out", at("d.npy"));
        float[] values = new float[6];
        NpyBytes.data(at("d.npy")).asFloatBuffer().get(values);
        assertArrayEquals(new float[] {0, 3, 1, 7, 4, 8}, values);
        assertTrue(NpyBytes.header(at("d.npy")).contains("(2, 3)"));
        json("distances", "--a", a, "--distance", "euclidean", "--out", at("d.npy"));
        float[] square = new float[4];
        NpyBytes.data(at("d.npy")).asFloatBuffer().get(square);
        assertArrayEquals(new float[] {0, 5, 5, 0}, square);
    }

    @Test
    void vgg19HasItsParameters() throws IOException {
        Mien.Outcome outcome = Mien.run("model", "inspect", "--backbone", "vgg19");
        assertTrue(outcome.out().startsWith("vgg19: 20,027,975 parameters"), outcome::toString);
        assertEquals(
                20_027_975,
                json("model", "inspect", "--backbone", "vgg19")
                        .get("parameters")
                        .asLong());
    }

    @Test
    void aModelSaysWhatItIs() throws IOException {
        JsonNode model = json("model", "inspect", "--model", at("m.safetensors"));
        assertEquals("compact", model.get("metadata").get("mien.backbone").asText());
        assertEquals("cross-entropy", model.get("metadata").get("mien.loss").asText());
        assertEquals("float32", model.get("tensors").get(0).get("type").asText());
    }

    @Test
    void anImportedModelEmbedsLikeItsSource() throws IOException {
        json(
                "model",
                "import",
                "--weights",
                at("m.safetensors"),
                "--backbone",
                "compact",
                "--out",
                at("i.safetensors"));
        json("embed", "--model", at("i.safetensors"), "--data", DATA, "--split", "test", "--out", at("imported"));
        assertArrayEquals(
                Files.readAllBytes(at("test/embeddings.npy")), Files.readAllBytes(at("imported/embeddings.npy")));
    }

    @Test
    void aModelIsExported() throws IOException {
        JsonNode export = json("model", "export", "--model", at("m.safetensors"), "--out", at("m.onnx"));
        assertEquals("compact", export.get("backbone").asText());
        assertEquals(Files.size(at("m.onnx")), export.get("bytes").asLong());
    }

    @Test
    void synthesizedFacesReadBackTheSame() throws IOException {
        json("data", "synthesize", "--n", "100", "--seed", "5", "--out", at("f.csv"), "--sheet", at("sheet.png"));
        json("data", "synthesize", "--n", "100", "--seed", "5", "--out", at("faces"));
        assertTrue(Files.size(at("sheet.png")) > 1000);
        byte[][] labels = new byte[2][];
        for (int i = 0; i < 2; i++) {
            Path out = at("read" + i);
            json(
                    "embed",
                    "--model",
                    at("m.safetensors"),
                    "--data",
                    at(i == 0 ? "f.csv" : "faces"),
                    "--split",
                    "train",
                    "--out",
                    out);
            labels[i] = rowsOf(out);
        }
        assertArrayEquals(labels[0], labels[1]);
    }

    /** Labels and a few features, sorted: the folder lists its faces in another order than the CSV. */
    private static byte[] rowsOf(Path embedded) throws IOException {
        float[] values = new float[80 * 512];
        NpyBytes.data(embedded.resolve("embeddings.npy")).asFloatBuffer().get(values);
        String[] rows = new String[80];
        ByteBuffer labels = NpyBytes.data(embedded.resolve("labels.npy"));
        for (int row = 0; row < rows.length; row++) {
            // Batches of another order may round the last bit otherwise.
            rows[row] = "%d %.3e %.3e".formatted(labels.getLong(), values[row * 512 + 3], values[row * 512 + 100]);
        }
        Arrays.sort(rows);
        return String.join("\n", rows).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void anInspectionIsJson() throws IOException {
        assertTrue(json("data", "inspect", DATA).isObject());
    }

    private static JsonNode json(Object... arguments) throws IOException {
        Object[] all = Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray();
        Mien.Outcome outcome = Mien.run(all);
        assertEquals(0, outcome.code(), outcome::toString);
        return JSON.readTree(outcome.out());
    }

    private static Path at(String name) {
        return folder.resolve(name);
    }

    private static List<String> names(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
