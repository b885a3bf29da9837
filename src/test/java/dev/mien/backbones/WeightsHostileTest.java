package dev.mien.backbones;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsHostileTest {

    @TempDir
    Path folder;

    /** The one sentence with which a file is refused; it names the file. */
    private String refused(byte[] content) throws IOException {
        return refused(Files.write(folder.resolve("hostile"), content));
    }

    private static String refused(Path file) {
        String message = assertThrows(
                        IOException.class, () -> Weights.read(file).close())
                .getMessage();
        assertTrue(message.startsWith(file + ": "), message);
        assertFalse(message.contains("\n"), message);
        assertTrue(message.length() < 600, message);
        return message;
    }

    private void refused(byte[] content, String words) throws IOException {
        String message = refused(content);
        assertTrue(message.contains(words), message);
    }

    private static byte[] safetensors(long length, String header, int data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(text)
                .array();
    }

    private static byte[] safetensors(String header, int data) {
        return safetensors(header.getBytes(StandardCharsets.UTF_8).length, header, data);
    }

    private static String entry(String name, String type, String shape, long begin, long end) {
        return String.format(
                "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}", name, type, shape, begin, end);
    }

    @Test
    void safetensorsHeadersMustFitTheFile() throws IOException {
        refused(safetensors(1L << 60, "{}", 0), "claims a safetensors header of 1152921504606846976 bytes");
        refused(safetensors(-1, "{}", 0), "claims a safetensors header of 18446744073709551615 bytes");
        refused(safetensors(100_000_001, "{}", 0), "claims a safetensors header");
        refused(new byte[0], "neither");
        refused("{\"json\": 1}".getBytes(), "neither");
        refused(safetensors("{\"a\":", 0), "not valid JSON");
        refused(safetensors("{}[]", 0), "text after the object");
        refused(safetensors("{" + "\"a\":{".repeat(100_000), 0), "unknown field");
        refused(safetensors("{\"a\":" + "[".repeat(100_000), 0), "object for the tensor");
    }

    @Test
    void safetensorsEntriesMustFitTheirData() throws IOException {
        refused(safetensors("{" + entry("a", "F32", "[2]", 0, 12) + "}", 12), "it takes 8 bytes");
        refused(safetensors("{" + entry("a", "F32", "[2]", 0, 8) + "}", 4), "ends before the tensor \"a\"");
        refused(safetensors("{" + entry("a", "F32", "[2]", 0, 8) + "}", 9), "1 bytes after its last tensor");
        refused(safetensors("{" + entry("a", "F32", "[2]", 4, 12) + "}", 12), "a gap before the tensor \"a\"");
        refused(safetensors("{" + entry("a", "F32", "[2]", -8, 0) + "}", 0), "it takes 8 bytes");
        refused(
                safetensors("{" + entry("a", "U8", "[4]", 0, 4) + "," + entry("b", "U8", "[4]", 2, 6) + "}", 6),
                "overlapping");
        refused(
                safetensors("{" + entry("a", "U8", "[4]", 0, 4) + "," + entry("a", "U8", "[4]", 4, 8) + "}", 8),
                "twice");
        refused(safetensors("{" + entry("a", "F32", "[4294967296,4294967296]", 0, 0) + "}", 0), "impossible shape");
        refused(safetensors("{" + entry("a", "F32", "[-1]", 0, 0) + "}", 0), "impossible shape");
        refused(safetensors("{" + entry("a", "F32", "[1e3]", 0, 0) + "}", 0), "whole numbers");
        refused(safetensors("{" + entry("a", "F32", "[99999999999999999999]", 0, 0) + "}", 0), "not valid JSON");
        refused(safetensors("{" + entry("a", "F8_E4M3", "[1]", 0, 1) + "}", 1), "dtype \"F8_E4M3\"");
        refused(safetensors("{\"a\":{\"dtype\":\"F32\"}}", 0), "lacks dtype, shape or two data_offsets");
        refused(safetensors("{\"__metadata__\":{\"a\":1}}", 0), "text for the metadata key \"a\"");
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "nt, system",
        "posix, system",
        "builtins, exec",
        "builtins, eval",
        "__builtin__, apply",
        "subprocess, Popen",
        "builtins, SystemExit",
        "datetime, datetime",
        "decimal, Decimal",
        "array, array",
        "builtins, bytearray",
        "builtins, set",
        "operator, attrgetter",
        "torch, load",
        "torch.storage, FloatStorage",
        "java.lang, Runtime"
    })
    void globalsOffTheListAreRefusedByName(String module, String name) throws IOException {
        byte[] call = new PickleWriter()
                .global(module, name)
                .op('(')
                .text("touch owned")
                .op('t')
                .op('R')
                .stop();
        byte[] stackGlobal = new PickleWriter()
                .text(module)
                .text(name)
                .raw(0x93)
                .text("x")
                .raw(0x85)
                .op('R')
                .stop();
        for (byte[] pickle : new byte[][] {call, stackGlobal}) {
            refused(PyTorchWriter.legacy(pickle, new byte[0], new byte[0]), "global \"" + module + "." + name + "\"");
            Path file = folder.resolve("hostile.zip");
            PyTorchWriter.zip(file, Map.of("a/data.pkl", pickle));
            refused(Files.readAllBytes(file), "global \"" + module + "." + name + "\"");
        }
        assertTrue(Files.notExists(Path.of("owned")));
    }

    private void refusedPickle(PickleWriter pickle, String words) throws IOException {
        refused(PyTorchWriter.legacy(pickle.stop(), new byte[0], new byte[0]), words);
    }

    @Test
    void picklesCannotAllocateOrRecurse() throws IOException {
        refusedPickle(new PickleWriter().op('X').int32(Integer.MAX_VALUE), "claims a text of 2147483647 bytes");
        refusedPickle(new PickleWriter().op('X').int32(-1), "claims a text of 4294967295 bytes");
        refusedPickle(new PickleWriter().op('T').int32(Integer.MAX_VALUE), "claims a text");
        refusedPickle(new PickleWriter().op('B').int32(Integer.MAX_VALUE), "operation 0x42");
        refusedPickle(new PickleWriter().raw(0x8b).int32(Integer.MAX_VALUE), "operation 0x8b");
        refusedPickle(new PickleWriter().raw(0x8d).number(Long.MAX_VALUE), "operation 0x8d");
        refusedPickle(new PickleWriter().raw(0x96).number(Long.MAX_VALUE), "operation 0x96");
        refusedPickle(new PickleWriter().op('i').ascii("os\nsystem\n"), "operation 0x69");
        refusedPickle(new PickleWriter().ascii("(".repeat(1_000_000)), "no dictionary");
        refusedPickle(new PickleWriter().op(')').op('a'), "broken pickle");
        refusedPickle(new PickleWriter().ascii("]".repeat(5_000_000)), "more than 4194304 operations");
        // A list nested in itself many times over as a key would take for ever to hash.
        PickleWriter bomb = new PickleWriter().op('}').op(']');
        for (int i = 0; i < 100; i++) {
            bomb.op('q').raw(i).op(']').op('h').raw(i).op('a').op('h').raw(i).op('a');
        }
        refusedPickle(bomb.op('N').op('s'), "keys are neither text nor numbers");
        refusedPickle(new PickleWriter().op('t'), "broken pickle");
        refusedPickle(new PickleWriter().op('h').raw(7), "broken pickle");
        refusedPickle(new PickleWriter().text("x").op(')').op('R'), "no constructor");
        refusedPickle(new PickleWriter().text("x").op('Q'), "other than a storage");
        refusedPickle(new PickleWriter().text("x").op('N').op('b'), "unexpected object");
    }

    @Test
    void tensorsMustLieInTheirStorage() throws IOException {
        long huge = Long.MAX_VALUE;
        tensorRefused(4, 0, new long[] {5}, new long[] {1}, "outside its storage");
        tensorRefused(4, 3, new long[] {2}, new long[] {1}, "outside its storage");
        tensorRefused(4, -1, new long[] {2}, new long[] {1}, "outside its storage");
        tensorRefused(4, huge, new long[] {2}, new long[] {1}, "outside its storage");
        tensorRefused(4, 0, new long[] {2}, new long[] {-1}, "outside its storage");
        tensorRefused(4, 0, new long[] {3, 3}, new long[] {huge, huge}, "outside its storage");
        tensorRefused(4, 0, new long[] {1L << 40}, new long[] {0}, "repeats its values");
        tensorRefused(4, 0, new long[] {1L << 40, 1L << 40}, new long[] {0, 0}, "impossible shape");
        tensorRefused(4, 0, new long[] {2}, new long[] {1, 1}, "impossible shape");
        tensorRefused(-4, 0, new long[] {0}, new long[] {1}, "negative size");
        tensorRefused(huge, 0, new long[] {1}, new long[] {1}, "storage \"k\"");
    }

    private void tensorRefused(long count, long offset, long[] shape, long[] strides, String words) throws IOException {
        byte[] pickle = new PickleWriter()
                .op('}')
                .text("t")
                .tensor("FloatStorage", "k", count, offset, shape, strides, true)
                .op('s')
                .stop();
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        values.writeBytes(ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(count)
                .array());
        refused(
                PyTorchWriter.legacy(
                        pickle, new PickleWriter().op(']').text("k").op('a').stop(), values.toByteArray()),
                words);
        Path file = folder.resolve("hostile.zip");
        PyTorchWriter.zip(file, Map.of("a/data.pkl", pickle, "a/data/k", new byte[16]));
        refused(Files.readAllBytes(file), words);
    }

    @Test
    void zipsMustHoldWhatTheyName() throws IOException {
        Path file = folder.resolve("z");
        byte[] tensor = new PickleWriter()
                .op('}')
                .text("t")
                .tensor("FloatStorage", "k", 4, 0, new long[] {4}, new long[] {1}, false)
                .op('s')
                .stop();
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("a/data.pkl", tensor);
        PyTorchWriter.zip(file, entries);
        refused(Files.readAllBytes(file), "lacks the zip entry \"a/data/k\"");
        entries.put("a/data/k", new byte[15]);
        PyTorchWriter.zip(file, entries);
        refused(Files.readAllBytes(file), "keeps 15 bytes for the storage \"k\", which needs 16");
        entries.put("a/constants.pkl", new byte[0]);
        PyTorchWriter.zip(file, entries);
        refused(Files.readAllBytes(file), "TorchScript");
        entries.put("b/data.pkl", tensor);
        PyTorchWriter.zip(file, entries);
        refused(Files.readAllBytes(file), "2 entries data.pkl");
        PyTorchWriter.zip(file, Map.of("readme", new byte[3]));
        refused(Files.readAllBytes(file), "0 entries data.pkl");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"net.zip.pth", "net.legacy.pth", "net.safetensors", "views.legacy.pth", "types.safetensors"})
    void everyTruncationIsRefused(String name) throws IOException {
        Path file = Files.copy(WeightsFixturesTest.fixture(name), folder.resolve("truncated"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            while (channel.size() > 0) {
                channel.truncate(channel.size() - 1);
                refused(file);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"net.zip.pth", "net.legacy.pth", "net.safetensors", "views.zip.pth", "types.legacy.pth"})
    void randomDamageIsReadOrRefused(String name) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] whole = Files.readAllBytes(WeightsFixturesTest.fixture(name));
        Path file = Files.write(folder.resolve("damaged"), whole);
        int refusals = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < 600; i++) {
                byte[] damaged = whole.clone();
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                }
                channel.write(ByteBuffer.wrap(damaged), 0);
                refusals += readOrRefused(file, name + ", seed " + seed + ", round " + i) ? 0 : 1;
            }
        }
        assertTrue(refusals > 0, "seed " + seed);
    }

    private static boolean readOrRefused(Path file, String when) {
        try (Weights weights = Weights.read(file)) {
            weights.tensors().values().forEach(tensor -> assertTrue(tensor.numel() <= 1 << 20, when));
            return true;
        } catch (IOException e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith(file + ": "), () -> when + ": " + e);
            return false;
        } catch (RuntimeException e) {
            throw new AssertionError(when + ": " + e, e);
        }
    }
}
