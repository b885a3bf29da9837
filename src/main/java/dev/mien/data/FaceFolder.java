package dev.mien.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads faces from a folder tree. */
final class FaceFolder {

    private FaceFolder() {}

    static Dataset read(Path folder) throws IOException {
        List<FaceFile> files = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.filter(Files::isRegularFile)
                    .map(path -> folder.relativize(path)
                            .toString()
                            .replace(path.getFileSystem().getSeparator(), "/"))
                    .forEach(name -> FaceFile.of(folder.toString(), name).ifPresent(files::add));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return FaceFiles.read(folder.toString(), files, file -> load(folder, file));
    }

    private static byte[] load(Path folder, FaceFile file) throws IOException {
        try (InputStream in = Files.newInputStream(folder.resolve(file.name()))) {
            byte[] bytes = in.readNBytes(FaceFiles.MAX_FILE_BYTES + 1);
            if (bytes.length > FaceFiles.MAX_FILE_BYTES) {
                throw new IOException("%s, %s: image file of more than %d bytes"
                        .formatted(folder, file.name(), FaceFiles.MAX_FILE_BYTES));
            }
            return bytes;
        }
    }
}
