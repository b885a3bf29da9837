package dev.mien.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class StudyReportTest {

    private static final String TRUTH = "0123456".repeat(30);
    private static final String SHIFTED = "1234560".repeat(30);

    @TempDir
    Path folder;

    /** Right on the first {@code right} images. */
    private static String predictions(int right) {
        return TRUTH.substring(0, right) + SHIFTED.substring(right);
    }

    private static StudyResults.Run run(String variant, String question, long seed, int right) {
        Map<String, StudyResults.Predictions> all = Stream.of("softmax", "ann", "svm", "random-forest", "xgboost")
                .collect(Collectors.toMap(
                        name -> name, name -> new StudyResults.Predictions(predictions(right), predictions(right))));
        return new StudyResults.Run(
                variant,
                question,
                seed,
                "key",
                "settings",
                1.5,
                null,
                null,
                new StudyResults.Retrieval(0.5, 0.25, 0.75),
                all);
    }

    private static final StudyResults RESULTS = new StudyResults(
            "0.1",
            "made up",
            "nothing",
            TRUTH,
            TRUTH,
            "1".repeat(21) + "0".repeat(189),
            List.of(
                    run("cross-entropy", "Cross entropy", 1, 105),
                    run("cross-entropy", "Cross entropy", 2, 105),
                    run("triplet", "Triplet", 1, 168),
                    run("triplet", "Triplet", 2, 189),
                    run("random", "Miner", 1, 42),
                    run("random", "Miner", 2, 42)));

    @Test
    void saysWhichVariantIsBestAndByHowMuch() throws Exception {
        StudyReport.write(RESULTS, folder);
        String text = Files.readString(folder.resolve("study.md"));
        // 168 and 189 of 210 are right, evenly over the classes: macro F1 is the accuracy.
        // Without the 21 twins, all of them right, 147 and 168 of 189.
        assertTrue(text.contains("| Triplet | triplet | 85.00 ± 7.07 | 83.33 ± 7.86 | 85.00 ± 7.07 | +35.00 |"), text);
        assertTrue(text.contains("| Miner | random | 20.00 ± 0.00 | 11.11 ± 0.00 | 20.00 ± 0.00 | −30.00 |"), text);
        assertTrue(text.contains("Best of cross entropy, by macro F1 on validation: cross-entropy"), text);
        assertTrue(text.contains("Best with triplet loss, by the same: triplet"), text);
        assertTrue(text.contains("**+35.00** points"), text);
        for (String drawing : List.of("macro-f1.svg", "classifiers.svg", "retrieval.svg")) {
            String svg = Files.readString(folder.resolve(drawing));
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
            assertTrue(svg.contains(">triplet<"), svg);
            assertTrue(text.contains("](" + drawing + ")"), text);
        }
    }

    @Test
    void saysWhyThereIsNoVerdict() throws IOException {
        StudyResults one = new StudyResults(
                "0.1",
                "made up",
                "nothing",
                TRUTH,
                TRUTH,
                "0".repeat(210),
                RESULTS.runs().subList(2, 6));
        StudyReport.write(one, folder);
        String text = Files.readString(folder.resolve("study.md"));
        assertTrue(text.contains("### Verdict\n\nNone: it takes variants of cross entropy"), text);
        assertTrue(text.contains("Against triplet"), text);
    }

    @Test
    void readsWhatItWrote() throws IOException {
        Path file = folder.resolve("study.json");
        StudyResults.write(RESULTS, file);
        assertEquals(RESULTS, StudyResults.read(file, StudyResults.class));
        Files.writeString(file, "{");
        IOException e = assertThrows(IOException.class, () -> StudyResults.read(file, StudyResults.class));
        assertTrue(e.getMessage().contains("study.json"), e.getMessage());
    }
}
