package dev.mien.classifiers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reading and writing the arrays of a {@link ClassifierFile}, little-endian; a read never goes past the end. */
final class Payload {

    private Payload() {}

    /** Collects arrays. */
    static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Writer number(int value) {
            bytes.writeBytes(little(4).putInt(value).array());
            return this;
        }

        Writer floats(float[] values) {
            ByteBuffer buffer = little(Math.multiplyExact(4, values.length));
            buffer.asFloatBuffer().put(values);
            bytes.writeBytes(buffer.array());
            return this;
        }

        byte[] toBytes() {
            return bytes.toByteArray();
        }
    }

    /** Hands arrays back in the order they were written. */
    static final class Reader {
        private final ByteBuffer bytes;

        Reader(byte[] payload) {
            bytes = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        }

        /** The next number, which must lie in least..most. */
        int number(int least, int most) throws IOException {
            require(4);
            int value = bytes.getInt();
            if (value < least || value > most) {
                throw new IOException("a number is %d where %d to %d is expected".formatted(value, least, most));
            }
            return value;
        }

        /** The next {@code count} finite values. */
        float[] floats(long count) throws IOException {
            require(Math.multiplyExact(4L, count));
            float[] values = new float[(int) count];
            bytes.asFloatBuffer().get(values);
            bytes.position(bytes.position() + 4 * values.length);
            for (float value : values) {
                if (!Float.isFinite(value)) {
                    throw new IOException("a weight is " + value);
                }
            }
            return values;
        }

        /** Throws unless everything was read. */
        void end() throws IOException {
            if (bytes.hasRemaining()) {
                throw new IOException(bytes.remaining() + " bytes too many");
            }
        }

        private void require(long count) throws IOException {
            if (count < 0 || count > bytes.remaining()) {
                throw new IOException("%d bytes are missing".formatted(count - bytes.remaining()));
            }
        }
    }

    private static ByteBuffer little(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
