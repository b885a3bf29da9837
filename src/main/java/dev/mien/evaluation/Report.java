package dev.mien.evaluation;

import dev.mien.internal.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The report of an experiment: {@code results.json}, {@code report.md} and {@code report.html}, one self-contained page
 * with the paper's tables 3 to 10 beside the paper's figures, its figures 6 and 7, and the confusion matrices.
 */
public final class Report {

    private Report() {}

    /**
     * Writes the three files into {@code folder}, creating it; each appears whole or not at all.
     *
     * @throws IOException when the folder cannot be written
     */
    public static void write(Results results, Path folder) throws IOException {
        Files.createDirectories(folder);
        results.write(folder.resolve("results.json"));
        write(folder.resolve("report.md"), MarkdownReport.of(results));
        write(folder.resolve("report.html"), HtmlReport.of(results));
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFiles.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
