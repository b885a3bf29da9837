package dev.mien.backbones;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.classifiers.SoftmaxHead;
import dev.mien.data.Expression;
import dev.mien.data.FaceImages;
import dev.mien.data.FloatMatrix;
import dev.mien.data.RealData;
import dev.mien.evaluation.ClassificationReport;
import dev.mien.internal.Progress;
import dev.mien.training.Embedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledModelTest {

    @TempDir
    Path folder;

    @Test
    void anotherFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("m"), "abc"); // FIPS 180-2, appendix B.1
        String sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  m\n";
        assertDoesNotThrow(() -> BundledModel.requireIntact(file, sum));
        Files.writeString(file, "abd");
        IOException e = assertThrows(IOException.class, () -> BundledModel.requireIntact(file, sum));
        assertTrue(e.getMessage().startsWith(file + ": is not the bundled model"), e.getMessage());
    }

    @Test
    void itSaysWhatItIsAndIsSmall() throws IOException {
        assertTrue(Files.size(BundledModel.file()) <= 12_000_000);
        try (ModelFile model = BundledModel.open()) {
            ModelMetadata metadata = model.metadata();
            assertEquals(BackboneKind.COMPACT, metadata.backbone());
            assertEquals(
                    Arrays.stream(Expression.values()).map(Expression::word).toList(), metadata.labels());
            assertEquals(48, metadata.inputSize());
            assertEquals(1, metadata.channels());
            assertEquals(WeightsScaling.UNIT, metadata.scaling());
            assertEquals("cross-entropy", model.loss());
            assertTrue(metadata.notes().get("command").startsWith("mien train "), metadata::toString);
        }
    }

    @Test
    void theCardQuotesItsFigures() throws IOException {
        String card = Files.readString(Path.of("docs/model-card.md"));
        try (ModelFile model = BundledModel.open()) {
            for (String key : List.of("accuracy", "accuracy_plain", "accuracy_without_twins")) {
                String percent = "%.2f".formatted(100 * figure(model, key));
                assertTrue(card.contains(percent), key + " " + percent);
            }
            assertTrue(card.contains("%.4f".formatted(figure(model, "macro_f1"))));
        }
    }

    @Test
    void itsFiguresAreThoseOfTheTestSplit() throws IOException {
        FaceImages images = RealData.dataset().test();
        try (ModelFile model = BundledModel.open()) {
            FloatMatrix features = Embedder.embed(model.backbone(), images, false, Progress.NONE);
            int[] predicted = SoftmaxHead.of(model.backbone()).predict(features);
            ClassificationReport report = ClassificationReport.of(images.labels(), predicted);
            // An instruction set that sums in another order may turn an image or two.
            assertEquals(figure(model, "accuracy"), report.accuracy(), 1e-3);
            assertEquals(figure(model, "macro_f1"), report.macro().f1(), 2e-3);
        }
    }

    private static double figure(ModelFile model, String key) {
        return Double.parseDouble(model.metadata().notes().get(key));
    }
}
