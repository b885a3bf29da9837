package dev.mien.backbones;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file: {@code {name: {dtype, shape, data_offsets: [begin, end]}, "__metadata__":
 * {..}}}.
 *
 * <p>Read token by token, so that what a header costs in memory is in proportion to its tensors, however it nests.
 */
final class SafetensorsHeader {

    static final String METADATA = "__metadata__";

    /** One tensor; {@code begin} and {@code end} count from the first byte after the header. */
    record Entry(String name, WeightsType type, long[] shape, long begin, long end) {}

    final Map<String, Entry> entries = new LinkedHashMap<>();
    final Map<String, String> metadata = new LinkedHashMap<>();
    private final WeightsFile file;
    private final JsonParser json;

    private SafetensorsHeader(WeightsFile file, JsonParser json) {
        this.file = file;
        this.json = json;
    }

    /** Parses and checks a header whose tensors share {@code dataBytes} bytes. */
    static SafetensorsHeader parse(WeightsFile file, byte[] text, long dataBytes) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(text)) {
            SafetensorsHeader header = new SafetensorsHeader(file, json);
            header.parse();
            header.checkLayout(dataBytes);
            return header;
        } catch (JsonProcessingException e) {
            throw file.error("its safetensors header is not valid JSON near byte "
                    + (e.getLocation() == null ? "?" : 8 + e.getLocation().getByteOffset()));
        }
    }

    private void parse() throws IOException {
        expect(json.nextToken(), JsonToken.START_OBJECT, "an object");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (name.equals(METADATA)) {
                parseMetadata();
            } else if (entries.put(name, parseEntry(name)) != null) {
                throw file.error("names the tensor " + WeightsFile.quote(name) + " twice");
            }
        }
        expect(json.currentToken(), JsonToken.END_OBJECT, "the end of the object");
        if (json.nextToken() != null) {
            throw file.error("has text after the object of its safetensors header");
        }
    }

    private void parseMetadata() throws IOException {
        expect(json.nextToken(), JsonToken.START_OBJECT, "an object of " + METADATA);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            expect(json.nextToken(), JsonToken.VALUE_STRING, "text for the metadata key " + WeightsFile.quote(key));
            if (metadata.put(key, json.getText()) != null) {
                throw file.error("names the metadata key " + WeightsFile.quote(key) + " twice");
            }
        }
    }

    private Entry parseEntry(String name) throws IOException {
        String tensor = "tensor " + WeightsFile.quote(name);
        expect(json.nextToken(), JsonToken.START_OBJECT, "an object for the " + tensor);
        String type = null;
        long[] shape = null;
        long[] offsets = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            switch (json.currentName()) {
                case "dtype" -> {
                    expect(json.nextToken(), JsonToken.VALUE_STRING, "a dtype for the " + tensor);
                    type = json.getText();
                }
                case "shape" -> shape = parseNumbers(tensor);
                case "data_offsets" -> offsets = parseNumbers(tensor);
                default -> throw file.error(
                        "has an unknown field " + WeightsFile.quote(json.currentName()) + " in the " + tensor);
            }
        }
        if (type == null || shape == null || offsets == null || offsets.length != 2) {
            throw file.error("lacks dtype, shape or two data_offsets for the " + tensor);
        }
        return checkEntry(name, type, shape, offsets);
    }

    private long[] parseNumbers(String tensor) throws IOException {
        expect(json.nextToken(), JsonToken.START_ARRAY, "a list of numbers in the " + tensor);
        long[] numbers = new long[WeightsType.MAX_DIMENSIONS];
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, "whole numbers in the " + tensor);
            if (count == numbers.length) {
                throw file.error("gives the " + tensor + " more than " + numbers.length + " dimensions");
            }
            numbers[count++] = json.getLongValue();
        }
        return Arrays.copyOf(numbers, count);
    }

    private Entry checkEntry(String name, String typeName, long[] shape, long[] offsets) throws IOException {
        String tensor = "tensor " + WeightsFile.quote(name);
        WeightsType type = WeightsType.named(typeName);
        if (type == null) {
            throw file.error("holds the " + tensor + " in dtype " + WeightsFile.quote(typeName)
                    + ", which is not supported (" + Arrays.toString(WeightsType.values()) + " are)");
        }
        long bytes = type.bytes(shape);
        if (bytes < 0) {
            throw file.error("gives the " + tensor + " an impossible shape " + Arrays.toString(shape));
        }
        if (offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] - offsets[0] != bytes) {
            throw file.error("says that the " + tensor + " of shape " + Arrays.toString(shape) + " and dtype "
                    + typeName + " lies at bytes " + Arrays.toString(offsets) + ", but it takes " + bytes + " bytes");
        }
        return new Entry(name, type, shape, offsets[0], offsets[1]);
    }

    /** The format asks that tensors fill the data exactly: no overlap, no gap, nothing beyond the end. */
    private void checkLayout(long dataBytes) throws IOException {
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long end = 0;
        for (Entry entry : sorted) {
            if (entry.end() > dataBytes) {
                throw file.error("ends before the tensor " + WeightsFile.quote(entry.name())
                        + ", which lies at data bytes [" + entry.begin() + ", " + entry.end() + "] of " + dataBytes);
            }
            if (entry.begin() != end) {
                throw file.error("has " + (entry.begin() < end ? "overlapping tensors" : "a gap")
                        + " before the tensor " + WeightsFile.quote(entry.name()) + " at data byte " + entry.begin()
                        + " (expected " + end + ")");
            }
            end = entry.end();
        }
        if (end != dataBytes) {
            throw file.error("has " + (dataBytes - end) + " bytes after its last tensor");
        }
    }

    private void expect(JsonToken found, JsonToken wanted, String what) throws IOException {
        if (found != wanted) {
            throw file.error("its safetensors header has no " + what + " where it belongs, near byte "
                    + (8 + json.currentLocation().getByteOffset()));
        }
    }
}
