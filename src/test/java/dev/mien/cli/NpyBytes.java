package dev.mien.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** .npy files by the letter of their format, apart from the code under test. */
final class NpyBytes {

    private static final int PREAMBLE = 10;

    private NpyBytes() {}

    /** The header's dictionary, such as {@code {'descr': '<f4', ..., 'shape': (3, 4), }}. */
    static String header(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return new String(bytes, PREAMBLE, headerLength(bytes), StandardCharsets.US_ASCII);
    }

    /** What follows the header. */
    static ByteBuffer data(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int start = PREAMBLE + headerLength(bytes);
        return ByteBuffer.wrap(bytes, start, bytes.length - start).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int headerLength(byte[] bytes) {
        return bytes[8] & 0xFF | (bytes[9] & 0xFF) << 8;
    }

    static Path floats(Path file, int rows, int columns, float... values) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return write(file, "<f4", "(" + rows + ", " + columns + ")", data.array());
    }

    static Path longs(Path file, long... values) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        return write(file, "<i8", "(" + values.length + ",)", data.array());
    }

    static Path write(Path file, String type, String shape, byte[] data) throws IOException {
        String header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(type, shape);
        header += " ".repeat(63 - (PREAMBLE + header.length()) % 64) + "\n";
        ByteBuffer bytes =
                ByteBuffer.allocate(PREAMBLE + header.length() + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) header.length());
        bytes.put(header.getBytes(StandardCharsets.US_ASCII)).put(data);
        return Files.write(file, bytes.array());
    }
}
