package dev.mien.classifiers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.mien.internal.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The fits that a random search has finished, in a JSON file, so that a search cut short goes on from there. */
final class SearchLog {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path file;
    private final String key;
    private final List<Fit> fits = new ArrayList<>();

    /**
     * One finished fit.
     *
     * @param settings of its candidate, readable
     * @param score on the rows held out, 0..1
     * @param seconds to fit and predict, on one core
     */
    record Fit(int candidate, int fold, Map<String, String> settings, double score, double seconds) {}

    private record Content(String key, List<Fit> fits) {}

    /**
     * A log that begins with the fits in {@code file}, where these are of the same {@code key}; null keeps nothing.
     *
     * @throws IllegalArgumentException naming the file if it is there and is no log
     */
    SearchLog(Path file, String key) {
        this.file = file;
        this.key = key;
        if (file != null && Files.exists(file)) {
            Content kept = read(file);
            if (key.equals(kept.key)) {
                fits.addAll(kept.fits);
            }
        }
    }

    private static Content read(Path file) {
        try {
            return JSON.readValue(file.toFile(), Content.class);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " is not the log of a random search", e);
        }
    }

    /** The fit of a candidate on a fold, or null where it is yet to be made. */
    synchronized Fit find(int candidate, int fold) {
        return fits.stream()
                .filter(fit -> fit.candidate == candidate && fit.fold == fold)
                .findFirst()
                .orElse(null);
    }

    synchronized void add(Fit fit) {
        fits.add(fit);
        if (file == null) {
            return;
        }
        try {
            AtomicFiles.write(file, out -> out.write(JSON.writeValueAsBytes(new Content(key, fits))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
