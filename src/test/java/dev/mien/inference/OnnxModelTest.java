package dev.mien.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.mien.backbones.Backbone;
import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.ModelTensors;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What other runtimes make of the files: ONNX Runtime stands for all. */
class OnnxModelTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(BackboneKind.class)
    void onnxRuntimeAgrees(BackboneKind kind) throws Exception {
        Path file = folder.resolve("model.onnx");
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (Backbone backbone = Networks.lively(kind, 1);
                ModelTensors tensors = ModelTensors.of(backbone)) {
            OnnxModel.write(file, tensors);
            try (OrtSession session = environment.createSession(file.toString(), new OrtSession.SessionOptions())) {
                assertEquals(tensors.metadata().toMap(), session.getMetadata().getCustomMetadata());
                for (int n : new int[] {1, 3}) { // the first side is free
                    float[] pixels = Networks.images(backbone, n, n);
                    Output expected = Networks.expected(backbone, pixels, n);
                    long[] shape = {n, backbone.channels(), backbone.inputSize(), backbone.inputSize()};
                    try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape);
                            OrtSession.Result result = session.run(Map.of("pixels", input))) {
                        assertNear(expected.features(), result, "features");
                        assertNear(expected.logits(), result, "logits");
                    }
                }
            }
        }
    }

    private static void assertNear(float[] expected, OrtSession.Result result, String name) {
        FloatBuffer actual = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
        float[] values = new float[actual.remaining()];
        actual.get(values);
        assertEquals(expected.length, values.length, name);
        assertTrue(Networks.difference(values, expected) < 1e-4, name);
    }

    @Test
    void sameModelSameBytes() throws Exception {
        try (Backbone backbone = BackboneKind.COMPACT.create(1);
                ModelTensors tensors = ModelTensors.of(backbone)) {
            OnnxModel.write(folder.resolve("a.onnx"), tensors);
            OnnxModel.write(folder.resolve("b.onnx"), tensors);
        }
        assertEquals(-1, Files.mismatch(folder.resolve("a.onnx"), folder.resolve("b.onnx")));
    }
}
