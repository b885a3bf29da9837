package dev.mien.backbones;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that real PyTorch wrote; make_fixtures.py beside them says how. */
class WeightsFixturesTest {

    private static final List<String> NET = List.of(
            "0.weight",
            "0.bias",
            "1.weight",
            "1.bias",
            "1.running_mean",
            "1.running_var",
            "1.num_batches_tracked",
            "4.weight",
            "4.bias");

    static Path fixture(String name) {
        return Path.of("src/test/resources/weights", name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"net.zip.pth", "net.legacy.pth", "net.protocol4.pth"})
    void aStateDictEqualsItsSafetensorsTwin(String name) throws IOException {
        try (Weights found = Weights.read(fixture(name));
                Weights twin = Weights.read(fixture("net.safetensors"))) {
            assertEquals(NET, List.copyOf(found.tensors().keySet()));
            WeightsTest.assertSame(new TreeMap<>(twin.tensors()), new TreeMap<>(found.tensors()));
            assertEquals(1, found.tensors().get("1.num_batches_tracked").item_long());
            assertEquals("tiny", twin.metadata().get("mien.backbone"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"types.zip.pth", "types.legacy.pth"})
    void everyTypeEqualsItsSafetensorsTwin(String name) throws IOException {
        try (Weights found = Weights.read(fixture(name));
                Weights twin = Weights.read(fixture("types.safetensors"))) {
            assertEquals(12, found.tensors().size());
            WeightsTest.assertSame(new TreeMap<>(twin.tensors()), new TreeMap<>(found.tensors()));
            assertEquals(-3, found.tensors().get("scalar").item_long());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"views.zip.pth", "views.legacy.pth"})
    void viewsShowTheRightValues(String name) throws IOException {
        try (Weights weights = Weights.read(fixture(name))) {
            Map<String, Tensor> views = weights.tensors();
            assertValues(views.get("row"), 12, 13, 14, 15, 16, 17);
            assertValues(views.get("corner"), 8, 10, 14, 16);
            assertValues(views.get("repeated"), 0, 0, 0, 0, 0, 0);
            assertValues(views.get("transposed").get(1), 1, 7, 13, 19);
            views.get("whole").zero_();
            assertValues(views.get("corner"), 0, 0, 0, 0);
        }
    }

    private static void assertValues(Tensor tensor, float... values) {
        float[] found = new float[values.length];
        Tensor dense = tensor.contiguous();
        assertEquals(values.length, dense.numel());
        WeightsMemory.window(dense, 0, 4 * values.length)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .get(found);
        assertArrayEquals(values, found);
    }

    @Test
    void aCheckpointIsUnwrapped() throws IOException {
        try (Weights weights = Weights.read(fixture("checkpoint.zip.pth"))) {
            assertEquals(NET, List.copyOf(weights.tensors().keySet()));
        }
    }

    @Test
    void parametersAreTensors() throws IOException {
        try (Weights parameters = Weights.read(fixture("parameters.legacy.pth"));
                Weights checkpoint = Weights.read(fixture("checkpoint.zip.pth"))) {
            assertEquals(6, parameters.tensors().size());
            parameters
                    .tensors()
                    .forEach((name, tensor) -> assertArrayEquals(
                            PyTorchWriter.bytes(checkpoint.tensors().get(name)), PyTorchWriter.bytes(tensor), name));
        }
    }

    @Test
    void aWholeModuleIsRefusedByName() {
        String message = assertThrows(IOException.class, () -> Weights.read(fixture("module.zip.pth")))
                .getMessage();
        assertTrue(message.contains("\"torch.nn.modules.container.Sequential\""), message);
    }
}
