package dev.mien.backbones;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bytedeco.pytorch.Tensor;

/** Writes what torch.save writes for a state_dict, in both formats. */
final class PyTorchWriter {

    private static final byte[] MAGIC = {
        (byte) 0x80,
        2,
        (byte) 0x8a,
        10,
        0x6c,
        (byte) 0xfc,
        (byte) 0x9c,
        0x46,
        (byte) 0xf9,
        0x20,
        0x6a,
        (byte) 0xa8,
        0x50,
        0x19,
        '.'
    };

    private PyTorchWriter() {}

    static void zip(Path file, Map<String, Tensor> tensors, boolean bigEndian) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("archive/data.pkl", stateDict(tensors, false));
        entries.put("archive/byteorder", (bigEndian ? "big" : "little").getBytes());
        int key = 0;
        for (Tensor tensor : tensors.values()) {
            byte[] bytes = bytes(tensor);
            int width = WeightsType.of(tensor.scalar_type()).bytes;
            entries.put("archive/data/" + key++, bigEndian ? reversed(bytes, width) : bytes);
        }
        entries.put("archive/version", "3\n".getBytes());
        zip(file, entries);
    }

    /** A zip with entries stored as they are. */
    static void zip(Path file, Map<String, byte[]> entries) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> content : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(content.getKey());
                CRC32 crc = new CRC32();
                crc.update(content.getValue());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(content.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(content.getValue());
            }
        }
    }

    static void legacy(Path file, Map<String, Tensor> tensors) throws IOException {
        PickleWriter keys = new PickleWriter().op(']').op('(');
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        int key = 0;
        for (Tensor tensor : tensors.values()) {
            keys.text(Integer.toString(key++));
            values.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(tensor.numel())
                    .array());
            values.writeBytes(bytes(tensor));
        }
        Files.write(file, legacy(stateDict(tensors, true), keys.op('e').stop(), values.toByteArray()));
    }

    /** A legacy file around the pickles of an object and of its storage keys. */
    static byte[] legacy(byte[] object, byte[] keys, byte[] values) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(MAGIC);
        out.writeBytes(new PickleWriter().op('M').raw(1001 & 255, 1001 >> 8).stop());
        out.writeBytes(new PickleWriter()
                .op('}')
                .text("little_endian")
                .raw(0x88)
                .op('s')
                .stop());
        out.writeBytes(object);
        out.writeBytes(keys);
        out.writeBytes(values);
        return out.toByteArray();
    }

    private static byte[] stateDict(Map<String, Tensor> tensors, boolean legacy) {
        PickleWriter pickle = new PickleWriter()
                .global("collections", "OrderedDict")
                .op(')')
                .op('R')
                .op('(');
        int key = 0;
        for (Map.Entry<String, Tensor> pair : tensors.entrySet()) {
            Tensor tensor = pair.getValue();
            String storage = WeightsType.of(tensor.scalar_type()).storage;
            long[] shape = WeightsMemory.shape(tensor);
            pickle.text(pair.getKey())
                    .tensor(storage, Integer.toString(key++), tensor.numel(), 0, shape, dense(shape), legacy);
        }
        return pickle.op('u').op('}').text("_metadata").op('}').op('s').op('b').stop();
    }

    static long[] dense(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(1, shape[i]);
        }
        return strides;
    }

    static byte[] bytes(Tensor tensor) {
        Tensor dense = tensor.contiguous();
        byte[] bytes = new byte[(int) dense.nbytes()];
        if (bytes.length > 0) {
            WeightsMemory.window(dense, 0, bytes.length).get(bytes);
        }
        return bytes;
    }

    private static byte[] reversed(byte[] bytes, int width) {
        byte[] result = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            result[i] = bytes[i / width * width + width - 1 - i % width];
        }
        return result;
    }
}
