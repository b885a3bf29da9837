package dev.mien.classifiers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.data.FloatMatrix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every classifier must do. */
class ClassifierTest {

    private static final int CLASSES = 7;
    private static final SyntheticFeatures TRAIN = SyntheticFeatures.draw(900, 32, 4, 1);
    private static final SyntheticFeatures TEST = SyntheticFeatures.draw(500, 32, 4, 2);

    @TempDir
    Path folder;

    private static Classifier small(ClassifierKind kind) {
        return switch (kind) {
            case SOFTMAX -> new SoftmaxHead.Settings(20, 64, 1e-2, 1e-4, ClassWeighting.NONE).create(1, 2);
            case ANN -> new NeuralNetwork.Settings(List.of(32), 0.2, 20, 64, 1e-2, 1e-4, 5, ClassWeighting.NONE)
                    .create(1, 2);
            case SVM -> new SupportVectorMachine.Settings(2, 0, 0, ClassWeighting.SQUARE_ROOT).create(1, 2);
            case RANDOM_FOREST -> new RandomForest.Settings(20, 8, 0.632, 1, 0.2, 0.1, 32, ClassWeighting.NONE)
                    .create(1, 1);
            case XGBOOST -> new GradientBoosting.Settings(20, 4, 0.3, 0.8, 0.5, 1, 32, ClassWeighting.NONE)
                    .create(1, 1);
        };
    }

    @ParameterizedTest
    @EnumSource(ClassifierKind.class)
    void learnsAndSurvivesAFile(ClassifierKind kind) throws IOException {
        try (Classifier classifier = small(kind)) {
            classifier.fit(TRAIN.features(), TRAIN.labels(), CLASSES);
            int[] predicted = classifier.predict(TEST.features());
            double accuracy = TEST.accuracy(predicted); // the largest class is 25 % of the rows
            assertTrue(accuracy > 0.75, kind + " is right on " + accuracy);
            Path file = folder.resolve(kind.word());
            classifier.save(file);
            try (Classifier loaded = Classifiers.load(file)) {
                assertEquals(kind, loaded.kind());
                assertArrayEquals(predicted, loaded.predict(TEST.features()));
                if (kind.givesProbabilities()) {
                    assertProbable(predicted, loaded.probabilities(TEST.features()));
                } else {
                    assertThrows(UnsupportedOperationException.class, () -> loaded.probabilities(TEST.features()));
                }
                classifier.settings().forEach((setting, value) -> {
                    if (!setting.equals("fitted on rows")) {
                        assertEquals(value, loaded.settings().get(setting), setting);
                    }
                });
            }
        }
    }

    private static void assertProbable(int[] predicted, FloatMatrix probabilities) {
        assertEquals(predicted.length, probabilities.rows());
        assertEquals(CLASSES, probabilities.columns());
        for (int row = 0; row < predicted.length; row++) {
            float[] of = probabilities.row(row);
            double sum = 0;
            for (float value : of) {
                sum += value;
                assertTrue(value >= 0 && value <= of[predicted[row]], Arrays.toString(of));
            }
            assertEquals(1, sum, 1e-5);
        }
    }

    @ParameterizedTest
    @EnumSource(ClassifierKind.class)
    void isTheSameForTheSameSeed(ClassifierKind kind) {
        int[] rows = IntStream.range(0, 300).toArray();
        FloatMatrix features = TRAIN.features().select(rows);
        int[] labels = Arrays.copyOf(TRAIN.labels(), rows.length);
        try (Classifier first = small(kind);
                Classifier second = small(kind)) {
            first.fit(features, labels, CLASSES);
            second.fit(features, labels, CLASSES);
            assertArrayEquals(first.predict(TEST.features()), second.predict(TEST.features()));
        }
    }

    @ParameterizedTest
    @EnumSource(ClassifierKind.class)
    void namesWhatIsWrong(ClassifierKind kind) {
        float[] values = {1, 2, 3, 4, 5, Float.NaN};
        FloatMatrix withNaN = new FloatMatrix(values, 3, 2);
        FloatMatrix fine = new FloatMatrix(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
        try (Classifier classifier = small(kind)) {
            message("3 feature rows but 2 labels", () -> classifier.fit(fine, new int[] {0, 1}, 2));
            message("row 2, column 1", () -> classifier.fit(withNaN, new int[] {0, 1, 0}, 2));
            message("row 1 has label 2", () -> classifier.fit(fine, new int[] {0, 2, 1}, 2));
            message("1 class", () -> classifier.fit(fine, new int[] {0, 0, 0}, 2));
            assertThrows(IllegalStateException.class, () -> classifier.predict(fine));
            if (kind.givesProbabilities()) {
                assertThrows(IllegalStateException.class, () -> classifier.probabilities(fine));
            }
            assertThrows(IllegalStateException.class, () -> classifier.save(folder.resolve("unfitted")));
            classifier.fit(TRAIN.features(), TRAIN.labels(), CLASSES);
            message("fitted on 32 features per row, not 2", () -> classifier.predict(fine));
            assertEquals(0, classifier.predict(new FloatMatrix(new float[0], 0, 32)).length);
        }
    }

    @ParameterizedTest
    @EnumSource(ClassifierKind.class)
    void bearsAnAbsentClassAConstantColumnAndFewRows(ClassifierKind kind) {
        Random random = new Random(3);
        int rows = 12;
        float[] values = new float[rows * 3];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            labels[row] = row % 2 == 0 ? 1 : 4;
            values[3 * row] = 1234.5f;
            values[3 * row + 1] = labels[row] + 0.1f * (float) random.nextGaussian();
            values[3 * row + 2] = (float) random.nextGaussian();
        }
        FloatMatrix features = new FloatMatrix(values, rows, 3);
        try (Classifier classifier = small(kind)) {
            classifier.fit(features, labels, CLASSES);
            for (int label : classifier.predict(features)) {
                assertTrue(label == 1 || label == 4, kind + " predicts the absent class " + label);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ClassifierKind.class)
    void refusesADamagedFile(ClassifierKind kind) throws IOException {
        Path file = folder.resolve(kind.word());
        try (Classifier classifier = small(kind)) {
            classifier.fit(TRAIN.features(), TRAIN.labels(), CLASSES);
            classifier.save(file);
        }
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[] {0, 5, 18, 30, bytes.length / 2, bytes.length - 1}) {
            refused(Arrays.copyOf(bytes, length));
        }
        byte[] flipped = bytes.clone();
        flipped[bytes.length - 9] ^= 4;
        refused(flipped);
        String header =
                new String(bytes, 18, Math.min(900, bytes.length - 18), StandardCharsets.ISO_8859_1).split("\n")[0];
        for (String wrong : List.of(
                header.replace("\"columns\":32", "\"columns\":9999999"),
                header.replace("\"columns\":32", "\"columns\":1152921504606846976"),
                header.replace("\"classes\":7", "\"classes\":60000"),
                header.replace("\"classes\":7", "\"classes\":2"),
                header.replaceAll("\"payload_bytes\":\\d+", "\"payload_bytes\":9000000000000"),
                header.replace(kind.word(), "oracle"),
                header.replace("\"settings\":{", "\"settings\":{\"surprise\":1,"),
                "{}",
                "[",
                "null")) {
            assertTrue(!wrong.equals(header));
            byte[] start = ("mien classifier 1\n" + wrong + "\n").getBytes(StandardCharsets.ISO_8859_1);
            int payload = 18 + header.length() + 1;
            byte[] hostile = Arrays.copyOf(start, start.length + bytes.length - payload);
            System.arraycopy(bytes, payload, hostile, start.length, bytes.length - payload);
            refused(hostile);
        }
    }

    @Test
    void takesANetworksOwnHead() throws IOException {
        float[] weight = {1, 0, 0, 1, -1, -1};
        SoftmaxHead head = SoftmaxHead.of(weight, new float[] {0, 0, 0.5f});
        FloatMatrix features = new FloatMatrix(new float[] {3, 1, 1, 3, 0, 0}, 3, 2);
        assertArrayEquals(new int[] {0, 1, 2}, head.predict(features));
        head.save(folder.resolve("head"));
        assertArrayEquals(
                new int[] {0, 1, 2}, Classifiers.load(folder.resolve("head")).predict(features));
        assertThrows(IllegalArgumentException.class, () -> SoftmaxHead.of(new float[5], new float[3]));
    }

    @Test
    void balancesClasses() {
        int[] labels = {0, 0, 0, 0, 1};
        assertArrayEquals(new float[] {1, 1, 0}, ClassWeighting.NONE.weights(labels, 3), 1e-6f);
        assertArrayEquals(new float[] {0.625f, 2.5f, 0}, ClassWeighting.BALANCED.weights(labels, 3), 1e-6f);
        float[] root = ClassWeighting.SQUARE_ROOT.weights(labels, 3);
        assertEquals(2, root[1] / root[0], 1e-5);
    }

    @Test
    void knowsItsWords() {
        for (ClassifierKind kind : ClassifierKind.values()) {
            assertEquals(kind, ClassifierKind.ofWord(kind.word()));
            for (ClassifierPreset preset : ClassifierPreset.values()) {
                assertEquals(kind.word(), Classifiers.create(kind, preset, 1, 1).name());
            }
        }
        message("knn", () -> ClassifierKind.ofWord("knn"));
        assertEquals(
                "10",
                Classifiers.settings(ClassifierKind.XGBOOST, ClassifierPreset.PAPER)
                        .readable()
                        .get("max depth"));
    }

    private void refused(byte[] content) throws IOException {
        Path file = folder.resolve("broken");
        Files.write(file, content);
        IOException refusal = assertThrows(IOException.class, () -> Classifiers.load(file));
        assertTrue(refusal.getMessage().contains(file.toString()), refusal.getMessage());
        assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
    }

    private static void message(String part, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }
}
