package dev.mien.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mien.bench.Clusters;
import dev.mien.bench.Contender.Kind;
import dev.mien.bench.Measurement;
import dev.mien.bench.Measurement.Peer;
import dev.mien.bench.Operation;
import dev.mien.bench.Timing;
import dev.mien.bench.Workload;
import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Distance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.bytedeco.pytorch.global.torch;
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
    void trainingStepsAreMeasured() throws IOException {
        String[] arguments = {"bench", "training", "--backbone", "compact", "--batch-size", "14", "--seconds", "0.2"};
        String out = bench((Object[]) arguments).out();
        assertEquals(
                2,
                out.lines()
                        .filter(line -> line.matches("compact +cross-entropy +[0-9. ]+"))
                        .count(),
                out);
        assertEquals(
                2,
                out.lines()
                        .filter(line -> line.matches("compact +triplet +[0-9. ]+"))
                        .count(),
                out);
        assertAll(out.lines().map(line -> () -> assertTrue(line.length() <= TERMINAL, line)));
        Object[] asJson =
                Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray();
        for (JsonNode row : new ObjectMapper().readTree(bench(asJson).out()).get("measurements")) {
            assertTrue(row.get("mien").get("p50").asDouble() > 0, row::toString);
            assertTrue(row.get("profile").get("samples").asInt() > 0, row::toString);
            JsonNode parts = row.get("profile").get("parts");
            double sum = 0;
            for (JsonNode share : parts) {
                sum += share.asDouble();
            }
            assertEquals(1, sum, 1e-9, parts::toString);
            assertTrue(parts.get("backward").asDouble() > 0.05, parts::toString);
        }
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

    @Test
    void withoutACudaDeviceOneSentenceSaysSo() {
        NativeRuntime.load();
        assumeFalse(torch.cuda_is_available(), "there is a CUDA device");
        for (String what : List.of("mining", "distances")) {
            Mien.Outcome outcome = Mien.run("bench", what, "--device", "cuda", "--n", 16, "--d", 8);
            assertEquals(1, outcome.code(), outcome::toString);
            assertTrue(outcome.err().contains("LibTorch sees no CUDA device"), outcome::toString);
            assertEquals(1, outcome.err().lines().count(), outcome::toString);
        }
    }

    @Test
    void whatOnlyTheProcessorHasIsRefusedOnCuda() {
        Mien.Outcome outcome = Mien.run("bench", "mining", "--targets", "--device", "cuda");
        assertEquals(2, outcome.code(), outcome::toString);
        assertTrue(outcome.err().contains("--device cpu"), outcome::toString);
    }

    @Test
    void aTableOfACudaDeviceLeavesOutWhatItHasNoFigureOf() throws IOException {
        Timing timing = new Timing(1, 2, 3);
        Workload workload = new Workload(64, 8, Distance.EUCLIDEAN, Clusters.TRAINED);
        Peer peer = new Peer("cdist + masks", Kind.MATRIX, new Timing(5, 6, 3), -1);
        Measurement measured =
                new Measurement(Operation.BATCH_HARD, workload, 2, timing, -1, List.of(peer), timing, Double.NaN);
        String text = BenchReport.of("libmien_cuda 0.1.0 (float32)", "NVIDIA H200", List.of(measured))
                .text();
        assertTrue(text.contains("NVIDIA H200\n"), text);
        assertTrue(text.lines().anyMatch(line -> line.matches(" *64 +8 +2.00 +6.00 +3.00 +\\S+ +- +- +-")), text);
        JsonNode row = new ObjectMapper()
                .readTree(Json.write(BenchReport.of("", "", List.of(measured))))
                .get("measurements")
                .get(0);
        assertTrue(row.get("peak_gflops").isNull() && row.get("mien_mb").isNull(), row::toString);
    }
}
