package dev.mien.classifiers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mien.internal.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * A fitted classifier on disk: a magic line, one line of JSON (kind, settings, classes, columns, and the payload's
 * length
 * and CRC-32), then the payload. Nothing is allocated by what the header says before it is checked against the file.
 *
 * @param settings of the classifier, which also say its kind
 * @param classes number of classes
 * @param columns features per row
 * @param payload what the classifier learnt
 */
record ClassifierFile(ClassifierSettings settings, int classes, int columns, byte[] payload) {

    private static final byte[] MAGIC = "mien classifier 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_HEADER = 1 << 16;
    private static final int MOST_CLASSES = 1 << 16;
    private static final int MOST_COLUMNS = 1 << 24;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Writes the file whole or not at all. */
    void write(Path file) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        header.put("kind", settings.kind().word());
        header.set("settings", JSON.valueToTree(settings));
        header.put("classes", classes).put("columns", columns);
        header.put("payload_bytes", payload.length).put("payload_crc32", crc(payload));
        AtomicFiles.write(file, out -> {
            out.write(MAGIC);
            out.write(JSON.writeValueAsBytes(header));
            out.write('\n');
            out.write(payload);
        });
    }

    /** Reads and checks a file; {@link IOException} with one sentence naming it if anything is wrong. */
    static ClassifierFile read(Path file) throws IOException {
        long size = Files.size(file);
        try (InputStream in = Files.newInputStream(file)) {
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw new IOException(file + " is not a classifier written by mien");
            }
            byte[] line = headerLine(file, in, size);
            JsonNode header = parse(file, line);
            long left = size - MAGIC.length - line.length - 1;
            long bytes = header.path("payload_bytes").asLong(-1);
            if (bytes != left || left > Integer.MAX_VALUE - 16) {
                throw new IOException(
                        "%s is damaged: %d bytes follow its header, which says %d".formatted(file, left, bytes));
            }
            byte[] payload = in.readNBytes((int) left);
            if (payload.length != left
                    || crc(payload) != header.path("payload_crc32").asLong(-1)) {
                throw new IOException(file + " is damaged: its checksum does not match");
            }
            int classes = bounded(file, header, "classes", 2, MOST_CLASSES);
            int columns = bounded(file, header, "columns", 1, MOST_COLUMNS);
            return new ClassifierFile(settings(file, header), classes, columns, payload);
        }
    }

    private static byte[] headerLine(Path file, InputStream in, long size) throws IOException {
        byte[] start = new byte[(int) Math.min(LONGEST_HEADER, size - MAGIC.length)];
        for (int length = 0; length < start.length; length++) {
            int next = in.read();
            if (next == '\n') {
                return Arrays.copyOf(start, length);
            }
            if (next < 0) {
                break;
            }
            start[length] = (byte) next;
        }
        throw new IOException(file + " is damaged: its header does not end");
    }

    private static JsonNode parse(Path file, byte[] line) throws IOException {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new IOException(file + " is damaged: its header is not JSON", e);
        }
    }

    private static int bounded(Path file, JsonNode header, String field, int least, int most) throws IOException {
        long value = header.path(field).asLong(-1);
        if (value < least || value > most) {
            throw new IOException("%s is damaged: its header says %d %s".formatted(file, value, field));
        }
        return (int) value;
    }

    private static ClassifierSettings settings(Path file, JsonNode header) throws IOException {
        try {
            Class<? extends ClassifierSettings> type = Classifiers.settingsType(
                    ClassifierKind.ofWord(header.path("kind").asText()));
            return JSON.treeToValue(header.path("settings"), type);
        } catch (IOException | IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new IOException("%s is damaged: its settings cannot be read (%s)".formatted(file, reason), e);
        }
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }
}
