package dev.mien.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyTest {

    @TempDir
    Path folder;

    @Test
    void writtenArraysReadBackExactly() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int[] shape : new int[][] {{0, 5}, {1, 1}, {3, 7}, {1000, 33}, {20_000, 2}}) {
            float[] values = new float[shape[0] * shape[1]];
            IntStream.range(0, values.length).forEach(i -> values[i] = Float.intBitsToFloat(random.nextInt()));
            Path file = folder.resolve("m.npy");
            Npy.write(file, new FloatMatrix(values, shape[0], shape[1]));
            FloatMatrix read = Npy.readFloats(file);
            assertEquals(shape[0], read.rows());
            assertEquals(shape[1], read.columns());
            float[] mapped = new float[values.length];
            Npy.mapFloats(file).values().get(mapped);
            for (int i = 0; i < values.length; i++) {
                assertEquals(
                        Float.floatToRawIntBits(values[i]), Float.floatToRawIntBits(read.values()[i]), "seed " + seed);
                assertEquals(Float.floatToRawIntBits(values[i]), Float.floatToRawIntBits(mapped[i]), "seed " + seed);
            }
            long[] labels = random.longs(shape[0]).toArray();
            Npy.write(file, labels);
            assertArrayEquals(labels, Npy.readLabels(file), "seed " + seed);
            Npy.writeColumns(file, labels, labels, new long[labels.length]);
            long[] rows = Npy.readRows(file, 3);
            assertEquals(3 * labels.length, rows.length);
            for (int i = 0; i < labels.length; i++) {
                assertArrayEquals(new long[] {labels[i], labels[i], 0}, Arrays.copyOfRange(rows, 3 * i, 3 * i + 3));
            }
        }
    }

    @Test
    void headersAreNumpys() throws IOException {
        Path file = folder.resolve("m.npy");
        Npy.write(file, new FloatMatrix(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        byte[] bytes = Files.readAllBytes(file);
        assertEquals(128 + 24, bytes.length);
        String header = new String(bytes, 10, 118, StandardCharsets.US_ASCII);
        assertEquals("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", header.trim());
        assertTrue(header.endsWith("\n"));
        Npy.write(file, new long[2]);
        assertTrue(Files.readString(file, StandardCharsets.ISO_8859_1).contains("'shape': (2,), }"));
    }

    @Test
    void otherTypesAndVersionsAreConverted() throws IOException {
        double[] doubles = {1.5, -2, 3e10};
        ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(doubles).forEach(data::putDouble);
        Path file = npy(2, "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 1), }", data.array());
        assertArrayEquals(new float[] {1.5f, -2, 3e10f}, Npy.readFloats(file).values());
        file = npy(
                1, "{'descr': '>i4', 'fortran_order': False, 'shape': (2,), }", new byte[] {0, 0, 1, 0, -1, -1, -1, -2
                });
        assertArrayEquals(new long[] {256, -2}, Npy.readLabels(file));
        file = npy(3, "{'descr': '|u1', 'fortran_order': True, 'shape': (2L,), }", new byte[] {7, -1});
        assertArrayEquals(new long[] {7, 255}, Npy.readLabels(file));
    }

    @Test
    void wrongFilesGetOneSentence() throws IOException {
        String matrix = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }";
        refused(npy(1, matrix, new byte[15]), "holds 15 bytes");
        refused(npy(1, matrix, new byte[17]), "holds 17 bytes");
        refused(npy(1, matrix.replace("False", "True"), new byte[16]), "Fortran order");
        refused(npy(1, matrix.replace("<f4", "|O"), new byte[16]), "type '|O'");
        refused(npy(1, matrix.replace("'<f4'", "[('a', '<f4')]"), new byte[16]), "no plain type");
        refused(npy(1, matrix.replace("(2, 2)", "(1152921504606846976, 4)"), new byte[16]), "impossible shape");
        refused(npy(1, matrix.replace("(2, 2)", "(99999999999999999999, 4)"), new byte[16]), "impossible shape");
        refused(npy(1, matrix.replace("(2, 2)", "(500000000, 4)"), new byte[16]), "holds 16 bytes");
        refused(npy(1, matrix.replace("(2, 2)", "(4,)"), new byte[16]), "expected a matrix");
        refused(npy(9, matrix, new byte[16]), "version 9");
        refused(Files.write(folder.resolve("m.npy"), new byte[0]), "truncated");
        refused(Files.write(folder.resolve("m.npy"), "PK hello".getBytes()), "no .npy file");
        byte[] lying = Files.readAllBytes(npy(2, matrix, new byte[16]));
        ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN).putInt(8, -1);
        refused(Files.write(folder.resolve("m.npy"), lying), "4294967295");
        Path floats = npy(1, matrix.replace("(2, 2)", "(4,)"), new byte[16]);
        message(assertThrows(IllegalArgumentException.class, () -> Npy.readLabels(floats)), "expected integers");
        Path missing = folder.resolve("missing.npy");
        message(assertThrows(IOException.class, () -> Npy.readFloats(missing)), "missing.npy: no such file");
        message(assertThrows(IOException.class, () -> Npy.readFloats(folder)), folder.toString());
        assertThrows(IllegalArgumentException.class, () -> Npy.writeColumns(missing, new long[2], new long[3]));
        assertTrue(Files.notExists(missing), "nothing half-written");
    }

    @Test
    void everyTruncationAndRandomDamageIsRefusedOrRead() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path file = folder.resolve("m.npy");
        Npy.write(file, new FloatMatrix(new float[12], 3, 4));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            refused(Files.write(file, Arrays.copyOf(whole, length)), "m.npy");
        }
        for (int trial = 0; trial < 150; trial++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(128)] = (byte) random.nextInt(256);
            Files.write(file, damaged);
            try {
                assertEquals(12, Npy.readFloats(file).values().length, "seed " + seed);
            } catch (IllegalArgumentException e) {
                message(e, "m.npy");
            }
        }
    }

    private Path npy(int version, String dictionary, byte[] data) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        byte[] text = (dictionary + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer length = ByteBuffer.allocate(version == 1 ? 2 : 4).order(ByteOrder.LITTLE_ENDIAN);
        out.write((version == 1 ? length.putShort((short) text.length) : length.putInt(text.length)).array());
        out.write(text);
        out.write(data);
        return Files.write(folder.resolve("m.npy"), out.toByteArray());
    }

    private static void refused(Path file, String expected) {
        message(assertThrows(IllegalArgumentException.class, () -> Npy.readFloats(file)), expected);
    }

    private static void message(Exception e, String part) {
        assertTrue(e.getMessage().contains(part), e + " does not say '" + part + "'");
        assertTrue(!e.getMessage().contains("\n"), e.getMessage());
    }
}
