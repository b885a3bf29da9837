package dev.mien.kernels;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/** Shows float buffers to native code: in place where they are direct and in native byte order, as copies otherwise. */
final class NativeBuffers {

    private NativeBuffers() {}

    /** The first {@code size} values from the buffer's position on. The pointer does not keep a buffer alive. */
    static FloatPointer input(FloatBuffer buffer, long size) {
        if (inPlace(buffer)) {
            return new FloatPointer(buffer.slice()); // JavaCPP counts a buffer's position in bytes
        }
        FloatPointer copy = new FloatPointer(size);
        if (buffer.hasArray()) {
            copy.put(buffer.array(), buffer.arrayOffset() + buffer.position(), (int) size);
        } else if (size > 0) {
            copy.asBuffer().put(buffer.duplicate().limit(buffer.position() + (int) size));
        }
        return copy;
    }

    /** Where native code writes {@code size} values that are then {@link #finish finished}. */
    static FloatPointer output(FloatBuffer buffer, long size) {
        return inPlace(buffer) ? new FloatPointer(buffer.slice()) : new FloatPointer(size);
    }

    /** Brings what was written to the buffer, from its position on. */
    static void finish(FloatPointer written, FloatBuffer buffer, long size) {
        if (!inPlace(buffer) && size > 0) {
            buffer.duplicate().put(written.asBuffer());
        }
    }

    private static boolean inPlace(FloatBuffer buffer) {
        return buffer.isDirect() && buffer.order() == ByteOrder.nativeOrder();
    }
}
