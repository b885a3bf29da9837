package dev.mien.backbones;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.NativeRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {

    @TempDir
    Path folder;

    @BeforeAll
    static void load() {
        NativeRuntime.load();
    }

    /** Random bits of every type, so NaNs with payloads and subnormals too; scalars, empty tensors, awkward names. */
    static Map<String, Tensor> awkward(long seed) {
        Random random = new Random(seed);
        long[][] shapes = {{}, {0}, {3, 0, 2}, {1}, {7}, {2, 3, 5}, {1, 1, 1, 1, 4}};
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (WeightsType type : WeightsType.values()) {
            for (long[] shape : shapes) {
                Tensor tensor = WeightsMemory.empty(shape, type);
                byte[] bits = new byte[(int) tensor.nbytes()];
                random.nextBytes(bits);
                for (int i = 0; type == WeightsType.BOOL && i < bits.length; i++) {
                    bits[i] &= 1;
                }
                if (bits.length > 0) {
                    ByteBuffer memory = WeightsMemory.window(tensor, 0, bits.length);
                    memory.put(bits);
                }
                tensors.put("z \"" + type + "\" \u00fc\n" + shape.length + "/" + random.nextInt(), tensor);
            }
        }
        return tensors;
    }

    static void assertSame(Map<String, Tensor> wanted, Map<String, Tensor> found) {
        assertEquals(new ArrayList<>(wanted.keySet()), new ArrayList<>(found.keySet()));
        wanted.forEach((name, tensor) -> {
            Tensor other = found.get(name);
            assertEquals(tensor.scalar_type().intern(), other.scalar_type().intern(), name);
            assertArrayEquals(WeightsMemory.shape(tensor), WeightsMemory.shape(other), name);
            assertArrayEquals(PyTorchWriter.bytes(tensor), PyTorchWriter.bytes(other), name);
        });
    }

    @Test
    void everyFormatGivesTheSameBits() throws IOException {
        long seed = System.nanoTime();
        System.out.println("WeightsTest seed " + seed);
        Map<String, Tensor> tensors = awkward(seed);
        Path[] files = {folder.resolve("a"), folder.resolve("b"), folder.resolve("c"), folder.resolve("d")};
        Weights.write(files[0], tensors, Map.of("key", "value \u20ac", "", "\"\n"));
        PyTorchWriter.zip(files[1], tensors, false);
        PyTorchWriter.zip(files[2], tensors, true);
        PyTorchWriter.legacy(files[3], tensors);
        for (Path file : files) {
            try (Weights weights = Weights.read(file)) {
                assertSame(tensors, weights.tensors());
            }
        }
        try (Weights weights = Weights.read(files[0])) {
            assertEquals(Map.of("key", "value \u20ac", "", "\"\n"), weights.metadata());
            weights.write(files[1]);
            assertArrayEquals(Files.readAllBytes(files[0]), Files.readAllBytes(files[1]), "the same bytes again");
        }
    }

    @Test
    void aBackboneSurvivesEveryFormat() throws IOException {
        try (Backbone one = new Compact(1)) {
            Map<String, Tensor> tensors = Weights.tensorsOf(one);
            Weights.write(folder.resolve("a"), tensors, Map.of());
            PyTorchWriter.zip(folder.resolve("b"), tensors, false);
            PyTorchWriter.legacy(folder.resolve("c"), tensors);
            for (String name : List.of("a", "b", "c")) {
                try (Backbone other = new Compact(2);
                        Weights weights = Weights.read(folder.resolve(name))) {
                    WeightsReport report = weights.applyTo(other);
                    assertEquals(tensors.size(), report.loaded().size());
                    assertSame(tensors, Weights.tensorsOf(other));
                    assertTrue(other.parameters().values().stream().allMatch(Tensor::requires_grad));
                }
            }
        }
    }

    @Test
    void stridedTensorsAreWrittenInRowMajorOrder() throws IOException {
        Tensor base = torch.arange(new Scalar(12)).reshape(3, 4);
        Weights.write(folder.resolve("t"), Map.of("t", base.t()), Map.of());
        try (Weights weights = Weights.read(folder.resolve("t"))) {
            assertTrue(torch.equal(base.t(), weights.tensors().get("t")));
        }
    }

    @Test
    void aCopyIsIndependent() {
        Map<String, Tensor> tensors = Map.of("x", torch.ones(3));
        try (Weights copy = Weights.copyOf(tensors, Map.of("k", "v"))) {
            tensors.get("x").zero_();
            assertEquals(3, copy.tensors().get("x").sum().item_float());
            assertEquals("v", copy.metadata().get("k"));
        }
    }

    @Test
    void mismatchesAreListed() {
        Map<String, Tensor> targets = new LinkedHashMap<>();
        Map<String, Tensor> sources = new LinkedHashMap<>();
        for (int i = 0; i < 12; i++) {
            targets.put("missing" + i, torch.ones(1));
        }
        targets.put("same", torch.zeros(2));
        targets.put("shape", torch.zeros(2, 3));
        targets.put("bn.num_batches_tracked", torch.zeros(1));
        sources.put("same", torch.ones(2));
        sources.put("shape", torch.ones(3, 2));
        sources.put("extra", torch.ones(1));
        try (Weights weights = Weights.copyOf(sources, Map.of())) {
            String message = assertThrows(IllegalArgumentException.class, () -> weights.applyTo(targets))
                    .getMessage();
            assertTrue(message.contains("12 missing (\"missing0\", ") && message.contains("and 2 more"), message);
            assertTrue(message.contains("1 unexpected (\"extra\")"), message);
            assertTrue(message.contains("shape is [3, 2], not [2, 3]"), message);
            assertEquals(0, targets.get("same").sum().item_float(), "nothing is copied unless all fit");
        }
    }

    @Test
    void unknownTypesAndFoldersAreRefused() {
        Map<String, Tensor> complex = Map.of("c", torch.ones(2).toType(torch.ScalarType.ComplexFloat));
        Path file = folder.resolve("c");
        assertThrows(IllegalArgumentException.class, () -> Weights.write(file, complex, Map.of()));
        assertTrue(Files.notExists(file));
        assertTrue(assertThrows(IOException.class, () -> Weights.read(file))
                .getMessage()
                .contains("no such file"));
        assertTrue(assertThrows(IOException.class, () -> Weights.read(folder))
                .getMessage()
                .contains("is a folder"));
    }
}
