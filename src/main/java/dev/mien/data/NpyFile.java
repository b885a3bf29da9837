package dev.mien.data;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One .npy file mapped into memory, its header checked against the file's size before anything is allocated by it. */
final class NpyFile {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_HEADER = 1 << 16;
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\sL]*)\\)");

    private final Path file;
    private final String type;
    private final long[] shape;
    private final ByteBuffer data;

    private NpyFile(Path file, String type, long[] shape, ByteBuffer data) {
        this.file = file;
        this.type = type;
        this.shape = shape;
        this.data = data;
    }

    static NpyFile open(Path file) throws IOException {
        try {
            return map(file);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(file.toString(), null, "no such file");
        } catch (IOException e) {
            throw new IOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static NpyFile map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            // The header is read first: what is mapped must fit one buffer.
            ByteBuffer start = channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(size, MAX_HEADER + 12L));
            String header = header(file, start);
            String type = find(file, TYPE, header, "type");
            long[] shape = shape(file, find(file, SHAPE, header, "shape"));
            if (find(file, ORDER, header, "order").equals("True") && shape.length > 1) {
                throw wrong(file, "is in Fortran order; save it with numpy.ascontiguousarray");
            }
            long bytes = bytes(file, type, shape);
            if (bytes != size - start.position()) {
                throw wrong(
                        file,
                        "claims %s of %s (%d bytes) but holds %d bytes of data"
                                .formatted(text(shape), type, bytes, size - start.position()));
            }
            if (bytes > Integer.MAX_VALUE) {
                throw wrong(file, "holds %d bytes; at most 2 GiB are supported".formatted(bytes));
            }
            ByteBuffer data = channel.map(FileChannel.MapMode.READ_ONLY, start.position(), bytes);
            data.order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            return new NpyFile(file, type, shape, data);
        }
    }

    /** The dictionary as text; leaves the buffer at the first byte of data. */
    private static String header(Path file, ByteBuffer start) {
        try {
            byte[] magic = new byte[MAGIC.length];
            start.get(magic);
            if (!Arrays.equals(magic, MAGIC)) {
                throw wrong(file, "is no .npy file");
            }
            int version = start.get();
            start.get();
            start.order(ByteOrder.LITTLE_ENDIAN);
            if (version < 1 || version > 3) {
                throw wrong(file, "has the unknown .npy version " + version);
            }
            long length = version == 1 ? Short.toUnsignedInt(start.getShort()) : Integer.toUnsignedLong(start.getInt());
            if (length > MAX_HEADER || length > start.remaining()) {
                throw wrong(file, "is truncated: its header claims " + length + " bytes");
            }
            byte[] header = new byte[(int) length];
            start.get(header);
            return new String(header, StandardCharsets.ISO_8859_1);
        } catch (BufferUnderflowException e) {
            throw wrong(file, "is truncated: no complete .npy header");
        }
    }

    private static String find(Path file, Pattern pattern, String header, String what) {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw wrong(file, "has no plain " + what + " in its .npy header");
        }
        return matcher.group(1);
    }

    private static long[] shape(Path file, String text) {
        try {
            return Arrays.stream(text.replace("L", "").split(","))
                    .map(String::trim)
                    .filter(part -> !part.isEmpty())
                    .mapToLong(Long::parseLong)
                    .toArray();
        } catch (NumberFormatException e) {
            throw wrong(file, "has the impossible shape (" + text.trim() + ")");
        }
    }

    private static long bytes(Path file, String type, long[] shape) {
        try {
            long bytes = width(file, type);
            for (long length : shape) {
                if (length > Integer.MAX_VALUE) {
                    throw new ArithmeticException();
                }
                bytes = Math.multiplyExact(bytes, length);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw wrong(file, "claims the impossible shape " + text(shape));
        }
    }

    private static int width(Path file, String type) {
        return switch (type) {
            case "<f8", ">f8", "<i8", ">i8" -> 8;
            case "<f4", ">f4", "<i4", ">i4" -> 4;
            case "<i2", ">i2" -> 2;
            case "|i1", "|u1", "|b1" -> 1;
            default -> throw wrong(file, "holds values of type '" + type + "'; expected float32, float64 or integers");
        };
    }

    /** Refuses arrays of another number of dimensions. */
    void requireDimensions(int dimensions, String expected) {
        if (shape.length != dimensions) {
            throw wrong("has the shape " + shape() + ", expected " + expected);
        }
    }

    /** Length of one dimension; an int, as the whole file fits one buffer. */
    int length(int dimension) {
        return Math.toIntExact(shape[dimension]);
    }

    /** Number of values. */
    int count() {
        return data.capacity() / width(file, type);
    }

    String shape() {
        return text(shape);
    }

    /** Reads all values as float32. */
    void copyTo(float[] values) {
        switch (type.substring(1)) {
            case "f4" -> data.asFloatBuffer().get(values);
            case "f8" -> fill(values, i -> (float) data.getDouble(8 * i));
            case "i8" -> fill(values, i -> data.getLong(8 * i));
            case "i4" -> fill(values, i -> data.getInt(4 * i));
            default -> throw wrong("holds values of type '" + type + "'; expected float32");
        }
    }

    @FunctionalInterface
    private interface FloatAt {
        float at(int i);
    }

    private static void fill(float[] values, FloatAt source) {
        for (int i = 0; i < values.length; i++) {
            values[i] = source.at(i);
        }
    }

    /** The values without a copy. */
    FloatBuffer floats() {
        if (!type.equals("<f4")) {
            throw wrong("holds values of type '" + type + "'; expected little-endian float32");
        }
        return data.asFloatBuffer();
    }

    /** Reads all values as int64. */
    long[] integers() {
        String kind = type.substring(1);
        if (kind.startsWith("f")) {
            throw wrong("holds values of type '" + type + "'; expected integers");
        }
        long[] values = new long[count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (kind) {
                case "i8" -> data.getLong(8 * i);
                case "i4" -> data.getInt(4 * i);
                case "i2" -> data.getShort(2 * i);
                case "i1" -> data.get(i);
                default -> data.get(i) & 0xFF;
            };
        }
        return values;
    }

    IllegalArgumentException wrong(String what) {
        return wrong(file, what);
    }

    private static IllegalArgumentException wrong(Path file, String what) {
        return new IllegalArgumentException(file + " " + what);
    }

    private static String text(long[] shape) {
        return Arrays.toString(shape).replace('[', '(').replace(']', ')');
    }

    /** A version 1 header, padded so that the data begin at a multiple of 64 bytes. */
    static byte[] header(String type, String shape) {
        String dictionary = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(type, shape);
        int length = (10 + dictionary.length() + 1 + 63) / 64 * 64 - 10;
        ByteBuffer header = ByteBuffer.allocate(10 + length).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
        byte[] text =
                (dictionary + " ".repeat(length - 1 - dictionary.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
        return header.put(text).array();
    }
}
