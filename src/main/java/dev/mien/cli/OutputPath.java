package dev.mien.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at where results are to go before any work is done, so that an hour's work does not end in "permission denied". */
final class OutputPath {

    private OutputPath() {}

    /** Passes if {@code file} is absent or a regular file, in a folder that is there or can be made. Makes nothing. */
    static void checkFile(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(
                    file + (Files.isDirectory(file) ? ": is a folder, not a file" : ": is not a regular file"));
        }
        checkFolder(file.toAbsolutePath().getParent());
    }

    /** Passes if {@code folder} is there and writable, or can be made. Makes nothing. */
    static void checkFolder(Path folder) throws IOException {
        Path existing = folder.toAbsolutePath().normalize();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null) {
            throw new IOException(folder + ": no such folder");
        }
        if (!Files.isDirectory(existing)) {
            throw new IOException(folder + ": cannot be made, " + existing + " is not a folder");
        }
        if (!Files.isWritable(existing)) {
            throw new IOException(existing + ": permission denied");
        }
    }
}
