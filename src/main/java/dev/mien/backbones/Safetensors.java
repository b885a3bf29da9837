package dev.mien.backbones;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.mien.internal.AtomicFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** The safetensors format: 8 bytes of header length, a JSON header, raw little-endian values in row-major order. */
final class Safetensors {

    private static final long MAX_HEADER = 100_000_000;
    private static final int CHUNK = 1 << 20;

    private Safetensors() {}

    /** Whether a file that starts with these bytes is meant as safetensors: its header opens right after the length. */
    static boolean startsWith(byte[] head) {
        return head.length > 8 && head[8] == '{';
    }

    /** The header of a file, and where the values of its tensors begin. */
    record Layout(SafetensorsHeader header, long data) {}

    /** Reads the header alone. */
    static Layout layout(WeightsFile file) throws IOException {
        long length =
                ByteBuffer.wrap(file.bytes(0, 8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 0 || length > MAX_HEADER || length > file.size - 8) {
            throw file.error("claims a safetensors header of " + Long.toUnsignedString(length)
                    + " bytes, but the file has " + file.size + " (headers may take " + MAX_HEADER + ")");
        }
        long data = 8 + length;
        return new Layout(SafetensorsHeader.parse(file, file.bytes(8, (int) length), file.size - data), data);
    }

    /** Reads all tensors, in the order of the header; they belong to the caller's scope. */
    static Weights read(WeightsFile file) throws IOException {
        Layout layout = layout(file);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (SafetensorsHeader.Entry entry : layout.header().entries.values()) {
            Tensor tensor = WeightsMemory.empty(entry.shape(), entry.type());
            file.fill(tensor, layout.data() + entry.begin());
            tensors.put(entry.name(), tensor);
        }
        return new Weights(tensors, layout.header().metadata);
    }

    /** Writes all tensors atomically; the same tensors and metadata in the same order give the same bytes. */
    static void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        List<SafetensorsHeader.Entry> entries = layOut(tensors);
        byte[] header = header(tensors.keySet(), entries, metadata);
        if (header.length > MAX_HEADER) {
            throw new IllegalArgumentException(path + ": the names and metadata take " + header.length
                    + " bytes, more than the " + MAX_HEADER + " that safetensors allows");
        }
        AtomicFiles.write(path, out -> {
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            out.write(header);
            for (SafetensorsHeader.Entry entry : entries) {
                write(out, tensors.get(entry.name()));
            }
        });
    }

    /** Wider types first, so that every tensor is aligned to its own type, as safetensors itself writes them. */
    private static List<SafetensorsHeader.Entry> layOut(Map<String, Tensor> tensors) {
        List<SafetensorsHeader.Entry> entries = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            WeightsType type = WeightsType.of(tensor.scalar_type());
            if (type == null || name.equals(SafetensorsHeader.METADATA)) {
                throw new IllegalArgumentException("tensor " + WeightsFile.quote(name) + " of type "
                        + tensor.scalar_type() + " cannot be written as safetensors");
            }
            entries.add(new SafetensorsHeader.Entry(name, type, WeightsMemory.shape(tensor), 0, 0));
        });
        entries.sort(Comparator.comparingInt(entry -> -entry.type().bytes));
        long end = 0;
        for (int i = 0; i < entries.size(); i++) {
            SafetensorsHeader.Entry entry = entries.get(i);
            long begin = end;
            end += entry.type().bytes(entry.shape());
            entries.set(i, new SafetensorsHeader.Entry(entry.name(), entry.type(), entry.shape(), begin, end));
        }
        return entries;
    }

    private static byte[] header(
            Iterable<String> names, List<SafetensorsHeader.Entry> entries, Map<String, String> metadata)
            throws IOException {
        Map<String, SafetensorsHeader.Entry> byName = new LinkedHashMap<>();
        entries.forEach(entry -> byName.put(entry.name(), entry));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(SafetensorsHeader.METADATA);
                for (Map.Entry<String, String> pair : new TreeMap<>(metadata).entrySet()) {
                    json.writeStringField(pair.getKey(), pair.getValue());
                }
                json.writeEndObject();
            }
            for (String name : names) {
                write(json, byName.get(name));
            }
            json.writeEndObject();
        }
        while (bytes.size() % 8 != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, SafetensorsHeader.Entry entry) throws IOException {
        json.writeObjectFieldStart(entry.name());
        json.writeStringField("dtype", entry.type().name());
        json.writeFieldName("shape");
        json.writeArray(entry.shape(), 0, entry.shape().length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {entry.begin(), entry.end()}, 0, 2);
        json.writeEndObject();
    }

    private static void write(OutputStream out, Tensor tensor) throws IOException {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor dense = tensor.detach().cpu().contiguous();
            long bytes = dense.nbytes();
            byte[] chunk = new byte[(int) Math.min(CHUNK, bytes)];
            for (long start = 0; start < bytes; start += chunk.length) {
                int length = (int) Math.min(chunk.length, bytes - start);
                WeightsMemory.window(dense, start, length).get(chunk, 0, length);
                out.write(chunk, 0, length);
            }
        }
    }
}
