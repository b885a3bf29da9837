package dev.mien.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process holds of the machine's memory. */
public final class ResidentMemory {

    private static final int PAGE = 4096;

    private ResidentMemory() {}

    /** In bytes. */
    public static long bytes() {
        try {
            return PAGE
                    * Long.parseLong(
                            Files.readString(Path.of("/proc/self/statm")).split(" ")[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
