package dev.mien.backbones;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** The element types that weights may have; the constants are named as safetensors names them. */
enum WeightsType {
    F64(ScalarType.Double, 8, "DoubleStorage"),
    F32(ScalarType.Float, 4, "FloatStorage"),
    F16(ScalarType.Half, 2, "HalfStorage"),
    BF16(ScalarType.BFloat16, 2, "BFloat16Storage"),
    I64(ScalarType.Long, 8, "LongStorage"),
    I32(ScalarType.Int, 4, "IntStorage"),
    I16(ScalarType.Short, 2, "ShortStorage"),
    I8(ScalarType.Char, 1, "CharStorage"),
    U8(ScalarType.Byte, 1, "ByteStorage"),
    BOOL(ScalarType.Bool, 1, "BoolStorage");

    /** More dimensions than any real tensor has; bounds what a hostile header may ask for. */
    static final int MAX_DIMENSIONS = 64;

    final ScalarType scalar;
    final int bytes;
    final String storage;

    WeightsType(ScalarType scalar, int bytes, String storage) {
        this.scalar = scalar;
        this.bytes = bytes;
        this.storage = storage;
    }

    /** The type called {@code name} in a safetensors header, or null. */
    static WeightsType named(String name) {
        for (WeightsType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }

    /** The type of a PyTorch storage class such as {@code FloatStorage}, or null. */
    static WeightsType ofStorage(String name) {
        for (WeightsType type : values()) {
            if (type.storage.equals(name)) {
                return type;
            }
        }
        return null;
    }

    /** The type of a LibTorch tensor, or null where there is none here (complex, quantised, 8-bit floats). */
    static WeightsType of(ScalarType scalar) {
        ScalarType wanted = scalar.intern();
        for (WeightsType type : values()) {
            if (type.scalar == wanted) {
                return type;
            }
        }
        return null;
    }

    /** Bytes of a dense tensor of {@code shape}, or -1 where a dimension is negative or the product leaves int64. */
    long bytes(long[] shape) {
        boolean empty = false;
        long product = bytes;
        for (long side : shape) {
            if (side < 0) {
                return -1;
            }
            empty |= side == 0;
            if (side > 0 && product > Long.MAX_VALUE / side) {
                return -1;
            }
            product *= Math.max(1, side);
        }
        return empty ? 0 : product;
    }
}
