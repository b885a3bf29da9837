package dev.mien.data;

import dev.mien.internal.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/**
 * Arrays in NumPy's .npy format (versions 1 to 3, C order), without LibTorch. Reading maps the file into memory, so
 * large ones cost no copy until values are asked for. Errors name the file in one sentence: {@link IOException} if it
 * cannot be read, {@link IllegalArgumentException} if it holds something else than was asked for.
 */
public final class Npy {

    private Npy() {}

    /** Reads a matrix (n, d) of float32, float64, int32 or int64; other types than float32 are converted. */
    public static FloatMatrix readFloats(Path file) throws IOException {
        NpyFile npy = NpyFile.open(file);
        npy.requireDimensions(2, "a matrix (n, d)");
        int rows = npy.length(0);
        int columns = npy.length(1);
        float[] values = new float[npy.count()];
        npy.copyTo(values);
        return new FloatMatrix(values, rows, columns);
    }

    /** Reads integers (n) of int64, int32, int16, int8, uint8 or bool, such as labels. */
    public static long[] readLabels(Path file) throws IOException {
        NpyFile npy = NpyFile.open(file);
        npy.requireDimensions(1, "a vector (n)");
        return npy.integers();
    }

    /** Reads a matrix (n, columns) of integers, such as mined triplets (t, 3), row by row. */
    public static long[] readRows(Path file, int columns) throws IOException {
        NpyFile npy = NpyFile.open(file);
        npy.requireDimensions(2, "a matrix (n, " + columns + ")");
        if (npy.length(1) != columns) {
            throw npy.wrong("has the shape " + npy.shape() + ", expected (n, " + columns + ")");
        }
        return npy.integers();
    }

    /**
     * A float32 matrix mapped from its file, not copied.
     *
     * @param values (rows, columns) direct, row-major, read-only
     */
    public record MappedFloats(FloatBuffer values, int rows, int columns) {}

    /**
     * Maps a little-endian float32 matrix (n, d) of at most 2 GiB into memory; the file must stay as it is meanwhile.
     */
    public static MappedFloats mapFloats(Path file) throws IOException {
        NpyFile npy = NpyFile.open(file);
        npy.requireDimensions(2, "a matrix (n, d)");
        return new MappedFloats(npy.floats(), npy.length(0), npy.length(1));
    }

    /** Writes a matrix as float32 (n, d); appears whole or not at all. */
    public static void write(Path file, FloatMatrix matrix) throws IOException {
        write(
                file,
                "<f4",
                "(%d, %d)".formatted(matrix.rows(), matrix.columns()),
                matrix.values().length,
                Float.BYTES,
                (buffer, i) -> buffer.putFloat(matrix.values()[i]));
    }

    /** Writes a vector as int64 (n). */
    public static void write(Path file, long[] values) throws IOException {
        write(
                file,
                "<i8",
                "(%d,)".formatted(values.length),
                values.length,
                Long.BYTES,
                (buffer, i) -> buffer.putLong(values[i]));
    }

    /**
     * Writes int64 (n, columns.length), each array one column; {@link IllegalArgumentException} if their lengths
     * differ.
     */
    public static void writeColumns(Path file, long[]... columns) throws IOException {
        int rows = columns[0].length;
        for (long[] column : columns) {
            if (column.length != rows) {
                throw new IllegalArgumentException("columns differ in length: " + rows + " and " + column.length);
            }
        }
        int width = columns.length;
        write(
                file,
                "<i8",
                "(%d, %d)".formatted(rows, width),
                Math.multiplyExact(rows, width),
                Long.BYTES,
                (buffer, i) -> buffer.putLong(columns[i % width][i / width]));
    }

    @FunctionalInterface
    private interface Element {
        void put(ByteBuffer buffer, int i);
    }

    private static void write(Path file, String type, String shape, int count, int bytes, Element element)
            throws IOException {
        AtomicFiles.write(file, out -> {
            out.write(NpyFile.header(type, shape));
            ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                element.put(chunk, i);
                if (chunk.remaining() < bytes || i == count - 1) {
                    out.write(chunk.array(), 0, chunk.position());
                    chunk.clear();
                }
            }
        });
    }
}
