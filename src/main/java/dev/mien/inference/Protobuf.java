package dev.mien.inference;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of Protocol Buffers being written, field by field. ONNX needs four kinds of field; a library with a schema
 * compiler would be larger than what it writes. Long values are kept by reference.
 */
final class Protobuf {

    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int MAX_VARINT = 10;

    private final List<ByteBuffer> parts = new ArrayList<>();
    private long size;

    Protobuf number(int field, long value) {
        return varint(field << 3 | VARINT).varint(value);
    }

    Protobuf numbers(int field, long... values) {
        for (long value : values) {
            number(field, value);
        }
        return this;
    }

    Protobuf real(int field, float value) {
        varint(field << 3 | FIXED32);
        return append(ByteBuffer.allocate(Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .flip());
    }

    Protobuf text(int field, String value) {
        return bytes(field, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }

    Protobuf bytes(int field, ByteBuffer value) {
        return varint(field << 3 | BYTES).varint(value.remaining()).append(value);
    }

    Protobuf message(int field, Protobuf value) {
        varint(field << 3 | BYTES).varint(value.size);
        parts.addAll(value.parts);
        size += value.size;
        return this;
    }

    private Protobuf varint(long value) {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_VARINT);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        return append(bytes.put((byte) rest).flip());
    }

    private Protobuf append(ByteBuffer part) {
        parts.add(part);
        size += part.remaining();
        return this;
    }

    void writeTo(OutputStream out) throws IOException {
        WritableByteChannel channel = Channels.newChannel(out);
        for (ByteBuffer part : parts) {
            channel.write(part.duplicate());
        }
    }
}
