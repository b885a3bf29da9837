package dev.mien.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads faces from a zip archive in place; every entry is read into memory, bounded and checked. */
final class FaceZip {

    private FaceZip() {}

    static Dataset read(Path path) throws IOException {
        try (ZipFile zip = open(path)) {
            List<FaceFile> files = new ArrayList<>();
            zip.stream().filter(entry -> !entry.isDirectory()).forEach(entry -> FaceFile.of(
                            path.toString(), entry.getName())
                    .ifPresent(files::add));
            return FaceFiles.read(path.toString(), files, file -> load(path, zip, file));
        }
    }

    private static ZipFile open(Path path) throws IOException {
        try {
            return new ZipFile(path.toFile());
        } catch (IOException | RuntimeException e) {
            String reason = e.getMessage() == null ? "it ends too early" : e.getMessage();
            throw new IOException(path + ": not a complete, readable zip archive (" + reason + ")", e);
        }
    }

    private static byte[] load(Path path, ZipFile zip, FaceFile file) throws IOException {
        ZipEntry entry = zip.getEntry(file.name());
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readNBytes(FaceFiles.MAX_FILE_BYTES + 1);
        } catch (IOException e) {
            throw new IOException(path + ", " + file.name() + ": damaged entry (" + e.getMessage() + ")", e);
        }
        // What is read counts, not what the entry claims: a few bytes may unpack to gigabytes.
        if (bytes.length > FaceFiles.MAX_FILE_BYTES) {
            throw new IOException(
                    "%s, %s: image file of more than %d bytes".formatted(path, file.name(), FaceFiles.MAX_FILE_BYTES));
        }
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        if (entry.getCrc() != -1 && checksum.getValue() != entry.getCrc()) {
            throw new IOException(path + ", " + file.name() + ": damaged entry (its checksum differs)");
        }
        return bytes;
    }
}
