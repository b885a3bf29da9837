package dev.mien.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mien.internal.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes {@code results.json}, and writes what else is stored alike: snake case, indented, number lists on one line. */
final class ResultsFile {

    static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ResultsFile() {}

    static Results read(Path file) throws IOException {
        byte[] json = Files.readAllBytes(file);
        try {
            Results results = MAPPER.readValue(json, Results.class);
            if (results == null) {
                throw new IOException(file + " holds no results");
            }
            return results;
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
            throw new IOException(file + " is not a results file: " + e.getOriginalMessage() + where, e);
        }
    }

    static void write(Object results, Path file) throws IOException {
        byte[] json = MAPPER.writer(new DefaultPrettyPrinter()).writeValueAsBytes(results);
        AtomicFiles.write(file, out -> {
            out.write(json);
            out.write('\n');
        });
    }
}
