package dev.mien.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.ChildJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell scripts that a user meets: the launcher, and what comes with {@code make dist}. */
class LauncherTest {

    private static final Path SOURCES = Path.of("").toAbsolutePath();

    @TempDir
    Path folder;

    /** How a script ended, with stdout and stderr together. */
    private record Outcome(int code, String output) {}

    private static Outcome run(Map<String, String> environment, Object... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(Arrays.stream(command).map(Object::toString).toList());
        builder.redirectErrorStream(true).environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), output);
        return new Outcome(process.exitValue(), output);
    }

    /** An unpacked archive whose JVM prints what it was called with. */
    private Path archive() throws IOException {
        Path archive = Files.createDirectories(folder.resolve("mien 1.0"));
        Files.createDirectories(archive.resolve("lib"));
        Path launcher = Files.copy(SOURCES.resolve("mien"), archive.resolve("mien"));
        Files.createDirectories(archive.resolve("runtime/system/libc.so.6"));
        Files.createDirectories(archive.resolve("runtime/system/libabsent.so.9"));
        Path java = Files.createDirectories(archive.resolve("runtime/bin")).resolve("java");
        Files.writeString(
                java, "#!/bin/sh\necho \"$LD_LIBRARY_PATH\"\necho \"$GLIBC_TUNABLES\"\nprintf '%s\\n' \"$@\"\n");
        assertTrue(java.toFile().setExecutable(true) && launcher.toFile().setExecutable(true));
        return archive;
    }

    @Test
    void anArchiveRunsOnItsOwnJvmWithTheLibrariesThatTheMachineLacks() throws Exception {
        Path archive = archive();
        Map<String, String> elsewhere = Map.of("JAVA_HOME", "/nowhere", "LD_LIBRARY_PATH", "/cuda");
        Outcome outcome = run(elsewhere, archive.resolve("mien"), "info", "two words");
        assertEquals(0, outcome.code(), outcome::toString);
        List<String> lines = outcome.output().lines().toList();
        assertEquals("/cuda:" + archive + "/runtime/system/libabsent.so.9", lines.get(0));
        assertEquals(
                List.of("-cp", archive + "/lib/*", "dev.mien.cli.Main", "info", "two words"),
                lines.subList(lines.size() - 5, lines.size()));
    }

    @Test
    void onlyTrainingKeepsFreedMemory() throws Exception {
        Path mien = archive().resolve("mien");
        Map<String, String> own = Map.of("GLIBC_TUNABLES", "glibc.malloc.arena_max=1");
        assertTrue(tunables(Map.of(), mien, "train").contains("glibc.malloc.hugetlb=1"));
        assertEquals("glibc.malloc.arena_max=1", tunables(own, mien, "train"), "what the user set stays");
        assertEquals("", tunables(Map.of("GLIBC_TUNABLES", ""), mien, "predict"));
    }

    private static String tunables(Map<String, String> environment, Object... command) throws Exception {
        return run(environment, command).output().lines().toList().get(1);
    }

    @Test
    void withoutAJvmItSaysWhatToInstall() throws Exception {
        Path archive = archive();
        ChildJvm.deleteTree(archive.resolve("runtime"));
        Outcome outcome = run(Map.of("JAVA_HOME", "/nowhere"), archive.resolve("mien"), "info");
        assertEquals(1, outcome.code());
        assertEquals("/nowhere/bin/java not found: apt-get install openjdk-17-jre-headless\n", outcome.output());
    }

    @Test
    void partsJoinedAreTheArchive() throws Exception {
        byte[] bytes = new byte[1_000_000];
        new Random(1).nextBytes(bytes);
        Path whole = Files.write(folder.resolve("mien-1.0.tar.gz"), bytes);
        Outcome outcome = run(Map.of(), SOURCES.resolve("cmake/parts.sh"), whole, "300K");
        assertEquals(0, outcome.code(), outcome::toString);
        Path parts = folder.resolve("mien-1.0.parts");
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.list(parts)) {
            for (Path part : files.filter(file -> file.toString().contains(".tar.gz."))
                    .sorted()
                    .toList()) {
                assertTrue(Files.size(part) <= 300 << 10, part::toString);
                joined.write(Files.readAllBytes(part));
            }
        }
        assertArrayEquals(bytes, joined.toByteArray());
        assertEquals(
                "sha256sum -c SHA256SUMS && cat mien-1.0.tar.gz.* | tar xz\n", Files.readString(parts.resolve("JOIN")));
        String check = "cd '" + parts + "' && sha256sum -c --quiet SHA256SUMS";
        assertEquals(new Outcome(0, ""), run(Map.of(), "sh", "-c", check));
        Files.write(parts.resolve("mien-1.0.tar.gz.001"), new byte[] {1});
        assertEquals(1, run(Map.of(), "sh", "-c", check).code());
    }

    @Test
    void theGpuCheckSaysThatThereIsNoGpu() throws Exception {
        Path tools = Files.createDirectories(folder.resolve("bin")); // and no nvidia-smi among them
        for (String tool : List.of("dirname", "readlink", "head", "sh")) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
        }
        Outcome outcome =
                run(Map.of("PATH", tools.toString()), "/bin/sh", SOURCES.resolve("cmake/gpu_check_java.sh"), archive());
        assertEquals(1, outcome.code());
        assertEquals(
                "There is no NVIDIA driver here (nvidia-smi names no GPU), so nothing was checked.\n",
                outcome.output());
    }
}
