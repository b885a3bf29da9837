package dev.mien.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** The native library over buffers of every kind. */
class NativeBuffersTest {

    private static final float[] A = {0, 0, 3, 4};
    private static final float[] B = {3, 4, 0, 0, 6, 8};
    private static final float[] EXPECTED = {5, 0, 10, 0, 5, 5};

    private final NativeKernels kernels = new NativeKernels();

    @Test
    void takesDirectHeapAndForeignOrderBuffers() {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            check(size -> ByteBuffer.allocateDirect(4 * size).order(order).asFloatBuffer());
            check(size -> ByteBuffer.allocate(4 * size).order(order).asFloatBuffer());
        }
        check(FloatBuffer::allocate);
        check(size -> FloatBuffer.allocate(size + 3).position(3).slice());
    }

    private void check(IntFunction<FloatBuffer> allocate) {
        FloatBuffer a = allocate.apply(A.length).put(A).flip().asReadOnlyBuffer();
        FloatBuffer b = allocate.apply(B.length + 2).put(-1).put(-1).put(B).position(2);
        FloatBuffer out = allocate.apply(EXPECTED.length + 2).put(7).put(7).position(1);
        kernels.distances(a, 2, b, 3, 2, Distance.EUCLIDEAN, out);
        assertEquals(0, a.position());
        assertEquals(2, b.position());
        assertEquals(1, out.position());
        float[] written = new float[EXPECTED.length];
        assertArrayEquals(EXPECTED, values(out, written));
        assertEquals(7, out.get(0), "written before the position");
        assertEquals(0, out.get(EXPECTED.length + 1), "written beyond the end");
    }

    private static float[] values(FloatBuffer buffer, float[] into) {
        buffer.duplicate().get(into);
        return into;
    }

    @Test
    void rejectsBuffersThatAreTooShort() {
        assertRejects("a holds 4 floats, too few for (3, 2)", 3, 3, 2, FloatBuffer.allocate(9));
        assertRejects("b holds 6 floats, too few for (4, 2)", 2, 4, 2, FloatBuffer.allocate(8));
        assertRejects("out holds 5 floats, too few for (2, 3)", 2, 3, 2, FloatBuffer.allocate(5));
        assertRejects(
                "out is a read-only buffer", 2, 3, 2, FloatBuffer.allocate(6).asReadOnlyBuffer());
        assertRejects("a cannot be of shape (-1, 2)", -1, 3, 2, FloatBuffer.allocate(6));
        assertRejects(
                "a holds 4 floats, too few for (4611686018427387904, 4)", 1L << 62, 3, 4, FloatBuffer.allocate(6));
        assertRejects("at least 1 column, not 0", 2, 3, 0, FloatBuffer.allocate(6));
    }

    private void assertRejects(String message, long n, long m, long d, FloatBuffer out) {
        String actual = assertThrows(
                        IllegalArgumentException.class,
                        () -> kernels.distances(
                                FloatBuffer.wrap(A), n, FloatBuffer.wrap(B), m, d, Distance.EUCLIDEAN, out))
                .getMessage();
        assertTrue(actual.contains(message), actual);
    }

    @Test
    void namesTheRowThatIsNotFinite() {
        FloatBuffer broken = FloatBuffer.wrap(new float[] {0, 0, 0, Float.NaN});
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> kernels.distances(
                                broken, 2, FloatBuffer.wrap(B), 3, 2, Distance.COSINE, FloatBuffer.allocate(6)))
                .getMessage();
        assertEquals("row 1 of a is not finite", message);
    }

    @Test
    void takesNoRows() {
        FloatBuffer none = FloatBuffer.allocate(0);
        kernels.distances(none, 0, FloatBuffer.wrap(B), 3, 2, Distance.EUCLIDEAN, none);
        kernels.distances(FloatBuffer.wrap(A), 2, none, 0, 2, Distance.EUCLIDEAN, none);
    }
}
