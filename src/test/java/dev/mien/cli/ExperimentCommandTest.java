package dev.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentCommandTest {

    @TempDir
    Path folder;

    @Test
    void anExperimentEndsInTableAndReportAndResumes() throws Exception {
        Path out = folder.resolve("run");
        Object[] arguments = {"experiment", "--data", "schematic:140", "--epochs", "1", "--out", out, "--resume"};
        Mien.Outcome first = Mien.run(arguments);
        assertEquals(0, first.code(), first::toString);
        assertEquals(10, first.out().lines().filter(line -> line.contains("%")).count(), first.out());
        assertTrue(first.out().endsWith("report: " + out.resolve("report.html") + "\n"), first.out());
        assertTrue(Files.readString(out.resolve("report.html")).startsWith("<!"));
        Mien.Outcome second = Mien.run(
                "experiment",
                "--data",
                "schematic:140",
                "--epochs",
                "1",
                "--out",
                out,
                "--resume",
                "--json",
                "--quiet");
        assertEquals("", second.err());
        assertEquals(Files.readString(out.resolve("results.json")), second.out());
        assertEquals(20, new ObjectMapper().readTree(second.out()).get("runs").size(), second.out());
    }
}
