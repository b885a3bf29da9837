package dev.mien.backbones;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickle operations byte by byte, protocol 2, hostile ones as well. */
final class PickleWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    PickleWriter() {
        raw(0x80, 2);
    }

    PickleWriter raw(int... bytes) {
        for (int value : bytes) {
            out.write(value);
        }
        return this;
    }

    PickleWriter op(char operation) {
        return raw(operation);
    }

    PickleWriter global(String module, String name) {
        return op('c').ascii(module + "\n" + name + "\n");
    }

    PickleWriter ascii(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    PickleWriter text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return op('X').int32(bytes.length).ascii(text);
    }

    PickleWriter int32(int value) {
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    /** A whole number, as LONG1. */
    PickleWriter number(long value) {
        raw(0x8a, 8);
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    PickleWriter tuple(long... values) {
        op('(');
        for (long value : values) {
            number(value);
        }
        return op('t');
    }

    /** ("storage", torch.TypeStorage, key, "cpu", count[, None]) as a persistent id. */
    PickleWriter storage(String type, String key, long count, boolean legacy) {
        op('(').text("storage").global("torch", type).text(key).text("cpu").number(count);
        return (legacy ? op('N') : this).op('t').op('Q');
    }

    /** torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, False, OrderedDict()). */
    PickleWriter tensor(
            String type, String key, long count, long offset, long[] shape, long[] strides, boolean legacy) {
        global("torch._utils", "_rebuild_tensor_v2").op('(').storage(type, key, count, legacy);
        number(offset).tuple(shape).tuple(strides).raw(0x89);
        return global("collections", "OrderedDict").op(')').op('R').op('t').op('R');
    }

    byte[] stop() {
        return op('.').bytes();
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
