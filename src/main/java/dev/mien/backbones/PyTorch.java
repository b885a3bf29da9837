package dev.mien.backbones;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The two formats of {@code torch.save}: a zip with the values in entries of their own, and the older run of pickles.
 */
final class PyTorch {

    private static final BigInteger LEGACY_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final int LEGACY_PROTOCOL = 1001;
    private static final String PICKLE = "data.pkl";

    private PyTorch() {}

    static boolean startsAsZip(byte[] head) {
        return head.length > 3 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
    }

    static boolean startsAsPickle(byte[] head) {
        return head.length > 1 && head[0] == (byte) 0x80 && head[1] >= 2 && head[1] <= 5;
    }

    /** Reads the zip format (PyTorch 1.6 and later); the tensors belong to the caller's scope. */
    static Weights readZip(WeightsFile file) throws IOException {
        try (ZipFile zip = new ZipFile(file.path.toFile())) {
            return readZip(file, zip);
        } catch (PickleRefusal e) {
            throw file.error(e.getMessage());
        } catch (EOFException | ZipException | IllegalArgumentException e) {
            throw file.error("is a broken or truncated zip");
        }
    }

    private static Weights readZip(WeightsFile file, ZipFile zip) throws IOException {
        List<String> pickles = zip.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
                .toList();
        if (pickles.size() != 1) {
            throw file.error(
                    "is a zip with " + pickles.size() + " entries " + PICKLE + "; a file of torch.save has one");
        }
        String folder = pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
        if (zip.getEntry(folder + "constants.pkl") != null) {
            throw file.error("is a TorchScript archive; save its state_dict with torch.save instead");
        }
        ZipEntry pickle = stored(file, zip, pickles.get(0));
        if (pickle.getSize() > PickleReader.MAX_BYTES) {
            throw file.error(
                    "has a pickle of " + pickle.getSize() + " bytes; " + PickleReader.MAX_BYTES + " are allowed");
        }
        PickleReader reader = new PickleReader(content(zip, pickle));
        Map<String, PyTorchTensor> found = PyTorchStateDict.find(reader.next());
        return weights(found, zipStorages(file, zip, folder, found));
    }

    private static Map<String, Tensor> zipStorages(
            WeightsFile file, ZipFile zip, String folder, Map<String, PyTorchTensor> found) throws IOException {
        boolean bigEndian = byteOrder(zip, folder) == ByteOrder.BIG_ENDIAN;
        Map<String, Tensor> storages = new HashMap<>();
        long total = 0;
        for (PyTorchTensor tensor : found.values()) {
            PyTorchStorage storage = tensor.storage();
            if (storages.containsKey(storage.key())) {
                continue;
            }
            ZipEntry entry = stored(file, zip, folder + "data/" + storage.key());
            long bytes = storage.type().bytes(new long[] {storage.count()});
            total += entry.getSize(); // entries may overlap in a hostile zip
            if (entry.getSize() != bytes || total > file.size) {
                throw file.error("keeps " + entry.getSize() + " bytes for the storage "
                        + WeightsFile.quote(storage.key()) + ", which needs " + bytes);
            }
            Tensor values = WeightsMemory.empty(new long[] {storage.count()}, storage.type());
            try (InputStream in = zip.getInputStream(entry)) {
                file.fill(values, Channels.newChannel(in));
            }
            if (bigEndian) {
                WeightsMemory.reverseBytes(values, storage.type().bytes);
            }
            storages.put(storage.key(), values);
        }
        return storages;
    }

    /** An entry that is there and not compressed, so that its size cannot be a lie larger than the file. */
    private static ZipEntry stored(WeightsFile file, ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw file.error("lacks the zip entry " + WeightsFile.quote(name));
        }
        if (entry.getMethod() != ZipEntry.STORED || entry.getSize() < 0 || entry.getSize() > file.size) {
            throw file.error("has a compressed or oversized zip entry " + WeightsFile.quote(name)
                    + "; torch.save stores entries as they are");
        }
        return entry;
    }

    private static byte[] content(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readNBytes((int) entry.getSize());
        }
    }

    private static ByteOrder byteOrder(ZipFile zip, String folder) throws IOException {
        ZipEntry entry = zip.getEntry(folder + "byteorder");
        if (entry == null) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        try (InputStream in = zip.getInputStream(entry)) {
            String order = new String(in.readNBytes(8), StandardCharsets.US_ASCII).strip();
            return switch (order) {
                case "little" -> ByteOrder.LITTLE_ENDIAN;
                case "big" -> ByteOrder.BIG_ENDIAN;
                default -> throw new PickleRefusal("has an unknown byte order " + WeightsFile.quote(order));
            };
        }
    }

    /**
     * Reads the legacy format: pickles of a magic number, a version, the writer's system, the object and the storage
     * keys; then for each key its count (int64) and values, little-endian on every system. The tensors belong to the
     * caller's scope.
     */
    static Weights readLegacy(WeightsFile file) throws IOException {
        PickleReader reader = new PickleReader(file.bytes(0, PickleReader.MAX_BYTES));
        try {
            if (!LEGACY_MAGIC.equals(reader.next())) {
                throw file.error("is a pickle, but not one that torch.save wrote");
            }
            if (!Integer.valueOf(LEGACY_PROTOCOL).equals(reader.next())) {
                throw file.error("has a version of PyTorch's legacy format other than " + LEGACY_PROTOCOL);
            }
            reader.next();
            Map<String, PyTorchTensor> found = PyTorchStateDict.find(reader.next());
            if (!(reader.next() instanceof List<?> keys)) {
                throw file.error("has no list of storages after its pickle");
            }
            return weights(found, legacyStorages(file, reader, keys, found));
        } catch (PickleRefusal e) {
            throw file.error(e.getMessage());
        }
    }

    private static Map<String, Tensor> legacyStorages(
            WeightsFile file, PickleReader reader, List<?> keys, Map<String, PyTorchTensor> found) throws IOException {
        Map<String, Tensor> storages = new HashMap<>();
        found.values().forEach(tensor -> storages.put(tensor.storage().key(), null));
        long position = reader.position();
        for (Object key : keys) {
            PyTorchStorage storage = key instanceof String ? reader.storages().get(key) : null;
            if (storage == null) {
                throw file.error("lists a storage that no tensor uses");
            }
            byte[] head = file.bytes(position, 8);
            long count = head.length < 8
                    ? -1
                    : ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
            long bytes = storage.type().bytes(new long[] {storage.count()});
            position += 8;
            if (count != storage.count() || bytes < 0 || bytes > file.size - position) {
                throw file.error("ends early or disagrees about the storage " + WeightsFile.quote(storage.key())
                        + " of " + storage.count() + " values");
            }
            if (storages.containsKey(storage.key())) {
                Tensor values = WeightsMemory.empty(new long[] {count}, storage.type());
                file.fill(values, position);
                storages.put(storage.key(), values);
            }
            position += bytes;
        }
        return storages;
    }

    private static Weights weights(Map<String, PyTorchTensor> found, Map<String, Tensor> storages) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        found.forEach((name, tensor) -> {
            Tensor values = storages.get(tensor.storage().key());
            if (values == null) {
                throw new PickleRefusal("does not hold the storage of the tensor " + WeightsFile.quote(name));
            }
            tensors.put(name, view(values, tensor));
        });
        return new Weights(tensors, Map.of());
    }

    private static Tensor view(Tensor values, PyTorchTensor tensor) {
        if (tensor.storage().type().bytes(tensor.shape()) == 0) {
            return WeightsMemory.empty(tensor.shape(), tensor.storage().type());
        }
        long offset = tensor.storage().viewStart() + tensor.offset();
        return values.as_strided(tensor.shape(), tensor.strides(), new LongOptional(offset));
    }
}
