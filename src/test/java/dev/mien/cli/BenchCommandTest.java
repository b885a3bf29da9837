package dev.mien.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {

    private static final int TERMINAL = 80;

    @TempDir
    Path folder;

    private static Mien.Outcome bench(Object... arguments) {
        Mien.Outcome outcome = Mien.run(arguments);
        assertEquals(0, outcome.code(), outcome::toString);
        assertEquals("", outcome.err());
        return outcome;
    }

    @Test
    void theTableHasALineForEachCaseAndFitsATerminal() {
        String out = bench(
                        "bench",
                        "mining",
                        "--n",
                        "16,32",
                        "--d",
                        "8",
                        "--miner",
                        "batch-hard,semi-hard",
                        "--seconds",
                        "0.4")
                .out();
        assertTrue(out.contains("batch-hard, euclidean") && out.contains("semi-hard, euclidean"), out);
        assertEquals(
                4,
                out.lines().filter(line -> line.matches(" *(16|32) +8 .*%.*")).count(),
                out);
        assertTrue(out.lines().anyMatch(line -> line.startsWith("sgemm")), out);
        assertAll(out.lines().map(line -> () -> assertTrue(line.length() <= TERMINAL, line)));
    }

    @Test
    void predictionsAreMeasured() throws IOException {
        String[] arguments = {"bench", "inference", "--backbone", "compact", "--batch", "2", "--seconds", "0.2"};
        String out = bench((Object[]) arguments).out();
        assertTrue(out.lines().anyMatch(line -> line.matches("compact +float32 +2 +[0-9. ]+")), out);
        assertTrue(out.lines().anyMatch(line -> line.matches("compact +bfloat16 +2 +[0-9. ]+")), out);
        assertAll(out.lines().map(line -> () -> assertTrue(line.length() <= TERMINAL, line)));
        Object[] asJson =
                Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray();
        JsonNode rows = new ObjectMapper().readTree(bench(asJson).out()).get("measurements");
        assertEquals(2, rows.size());
        assertTrue(rows.get(0).get("mien").get("p50").asDouble() > 0, rows::toString);
    }

    @Test
    void everyOperationIsMeasured() throws IOException {
        JsonNode report = new ObjectMapper()
                .readTree(bench(
                                "bench",
                                "mining",
                                "--miner",
                                "batch-hard,semi-hard,batch-all,easy-positive,random,distance-weighted,statistics",
                                "--distance",
                                "cosine",
                                "--data",
                                "untrained",
                                "--n",
                                "24",
                                "--d",
                                "8",
                                "--seconds",
                                "0.1",
                                "--threads",
                                "1",
                                "--json")
                        .out());
        assertEquals(1, report.get("threads").asInt());
        assertEquals(7, report.get("measurements").size());
        for (JsonNode row : report.get("measurements")) {
            assertEquals("cosine", row.get("distance").asText());
            assertTrue(row.get("mien").get("min").asDouble() > 0, row::toString);
            assertTrue(row.get("mien").get("min").asDouble()
                    <= row.get("mien").get("median").asDouble());
            assertTrue(row.get("mien").get("runs").asInt() >= 3, row::toString);
            assertTrue(row.get("peak_gflops").asDouble() > 0, row::toString);
            for (JsonNode peer : row.get("peers")) {
                double ratio = peer.get("timing").get("median").asDouble()
                        / row.get("mien").get("median").asDouble();
                assertEquals(ratio, peer.get("ratio").asDouble(), 1e-9 * ratio);
            }
        }
    }

    @Test
    void theRooflineIsDrawn() throws IOException {
        Path svg = folder.resolve("roofline.svg");
        Path png = folder.resolve("roofline.png");
        for (Path file : new Path[] {svg, png}) {
            bench("bench", "distances", "--n", "16", "--d", "8,16", "--seconds", "0.1", "--plot", file);
        }
        String drawn = Files.readString(svg);
        assertTrue(drawn.contains("<svg") && drawn.contains("<path"), drawn.substring(0, 200)); // letters are paths too
        assertFalse(drawn.contains("NaN"));
        assertTrue(ImageIO.read(png.toFile()).getWidth() >= 800);
    }
}
