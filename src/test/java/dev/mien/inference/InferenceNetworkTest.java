package dev.mien.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.ModelFile;
import dev.mien.backbones.Precision;
import dev.mien.internal.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InferenceNetworkTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(BackboneKind.class)
    void sameLogitsAsLibTorch(BackboneKind kind) {
        try (Backbone backbone = Networks.lively(kind, 1);
                InferenceNetwork network = InferenceNetwork.of(backbone, Precision.FLOAT32, 2, 2)) {
            float[] pixels = Networks.images(backbone, 5, 2);
            Output expected = Networks.expected(backbone, pixels, 5);
            Output output = network.run(pixels, 5);
            assertTrue(Networks.difference(output.features(), expected.features()) < 1e-4);
            assertTrue(Networks.difference(output.logits(), expected.logits()) < 1e-4);
        }
    }

    @ParameterizedTest
    @EnumSource(BackboneKind.class)
    void bfloat16StaysNear(BackboneKind kind) {
        try (Backbone backbone = Networks.lively(kind, 3);
                InferenceNetwork network = InferenceNetwork.of(backbone, Precision.BFLOAT16, 2, 4)) {
            float[] pixels = Networks.images(backbone, 4, 4);
            Output expected = Networks.expected(backbone, pixels, 4);
            Output output = network.run(pixels, 4);
            double difference = Networks.difference(output.logits(), expected.logits());
            assertTrue(difference > 0 && difference < 0.02, "relative difference " + difference);
        }
    }

    @Test
    void modelFileGivesTheSame() throws IOException {
        Path model = folder.resolve("model.safetensors");
        try (Backbone backbone = Networks.lively(BackboneKind.COMPACT, 5)) {
            ModelFile.write(model, backbone, Map.of("loss", "triplet"));
            float[] pixels = Networks.images(backbone, 1, 6);
            try (InferenceNetwork ofFile = InferenceNetwork.open(model, Precision.FLOAT32, 1, 1);
                    InferenceNetwork ofBackbone = InferenceNetwork.of(backbone, Precision.FLOAT32, 1, 1)) {
                assertArrayEquals(
                        ofBackbone.run(pixels, 1).logits(),
                        ofFile.run(pixels, 1).logits());
                assertEquals("triplet", ofFile.metadata().notes().get("loss"));
                assertEquals(48, ofFile.inputSize());
                assertEquals(1, ofFile.channels());
                assertEquals(512, ofFile.featureCount());
            }
        }
    }

    @Test
    void anImageAloneAndAmongOthersOnAnyThreads() throws Exception {
        try (Backbone backbone = Networks.lively(BackboneKind.COMPACT, 7);
                InferenceNetwork network = InferenceNetwork.of(backbone, Precision.FLOAT32, 2, 3)) {
            float[] pixels = Networks.images(backbone, 8, 8);
            Output all = network.run(pixels, 8);
            FloatBuffer direct = ByteBuffer.allocateDirect(4 * pixels.length)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer()
                    .put(pixels);
            for (int i = 0; i < 8; i++) {
                Output one = network.run(direct.position(i * 48 * 48), 1);
                for (int k = 0; k < 7; k++) {
                    assertEquals(all.logits()[7 * i + k], one.logits()[k], "image " + i);
                }
            }
            ExecutorService callers = Executors.newFixedThreadPool(4);
            List<Future<Output>> outputs = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                outputs.add(callers.submit(() -> network.run(pixels, 8)));
            }
            for (Future<Output> output : outputs) {
                assertArrayEquals(all.logits(), output.get().logits());
                assertArrayEquals(all.features(), output.get().features());
            }
            callers.shutdown();
        }
    }

    @Test
    void badInput() throws IOException {
        try (Backbone backbone = BackboneKind.COMPACT.create(9);
                InferenceNetwork network = InferenceNetwork.of(backbone, Precision.FLOAT32, 1, 1)) {
            float[] pixels = Networks.images(backbone, 2, 10);
            assertMessage("3 images of 1 x 48 x 48 need 6912 values; there are 4608", () -> network.run(pixels, 3));
            assertMessage("-1 images", () -> network.run(pixels, -1));
            pixels[48 * 48 - 1] = Float.NaN;
            assertMessage("row 0 of the images is not finite", () -> network.run(pixels, 1));
            assertEquals(0, network.run(pixels, 0).logits().length);
            assertMessage(
                    "threads must be 1..1024, not 0", () -> InferenceNetwork.of(backbone, Precision.FLOAT32, 0, 1));
            assertMessage(
                    "maxBatch must be 1..4096, not 0", () -> InferenceNetwork.of(backbone, Precision.FLOAT32, 1, 0));
            assertMessage("tf32 needs an NVIDIA GPU", () -> InferenceNetwork.of(backbone, Precision.TF32, 1, 1));
        }
        Path noModel = Files.writeString(folder.resolve("no.safetensors"), "no model at all");
        IOException e = assertThrows(IOException.class, () -> InferenceNetwork.open(noModel, Precision.FLOAT32, 1, 1));
        assertTrue(e.getMessage().startsWith(noModel + ": is no model of mien"), e.getMessage());
    }

    private static void assertMessage(String part, Runnable call) {
        String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void refusesCallsOnceClosed() {
        try (Backbone backbone = BackboneKind.COMPACT.create(11)) {
            InferenceNetwork network = InferenceNetwork.of(backbone, Precision.FLOAT32, 1, 1);
            network.close();
            network.close();
            float[] pixels = Networks.images(backbone, 1, 12);
            assertThrows(IllegalStateException.class, () -> network.run(pixels, 1));
        }
    }

    /** Predicts with a model file. */
    static final class Predict {
        public static void main(String[] arguments) throws IOException {
            try (InferenceNetwork network =
                    InferenceNetwork.open(Path.of(System.getProperty("model")), Precision.FLOAT32, 1, 1)) {
                System.out.println(
                        "logits " + network.run(new float[48 * 48], 1).logits().length);
                System.out.println(
                        "torch " + Files.readString(Path.of("/proc/self/maps")).contains("libtorch_cpu"));
            }
        }
    }

    @Test
    void predictsWithoutLibTorch() throws Exception {
        Path model = folder.resolve("model.safetensors");
        try (Backbone backbone = BackboneKind.COMPACT.create(13)) {
            ModelFile.write(model, backbone, Map.of());
        }
        var outcome = new ChildJvm(Predict.class).option("-Dmodel=" + model).run();
        assertEquals("logits 7\ntorch false\n", outcome.output());
    }
}
