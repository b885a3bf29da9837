package dev.mien.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a main class in a JVM of its own, for what can be tried only once per process: loading, environment, crashes. */
public final class ChildJvm {

    /** How a run ended: its exit code, and standard output and error together. */
    public record Outcome(int exit, String output) {}

    private final Class<?> main;
    private final List<String> options = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private int seconds = 300;
    private String classpath = System.getProperty("java.class.path");

    /** Runs {@code main} with this JVM's classpath and environment unless told otherwise. */
    public ChildJvm(Class<?> main) {
        this.main = main;
    }

    /** Adds a JVM option. */
    public ChildJvm option(String option) {
        options.add(option);
        return this;
    }

    /** Sets an environment variable. */
    public ChildJvm environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Replaces the classpath. */
    public ChildJvm classpath(String path) {
        classpath = path;
        return this;
    }

    /** Lets it run for longer than five minutes. */
    public ChildJvm limit(int inSeconds) {
        seconds = inSeconds;
        return this;
    }

    /** Runs to the end, five minutes at most unless told otherwise. */
    public Outcome run() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:-CreateCoredumpOnCrash"));
        command.addAll(options);
        command.addAll(List.of("-cp", classpath, main.getName()));
        Path output = Files.createTempFile("child", ".log");
        Path folder = Files.createTempDirectory("child");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.directory(folder.toFile()).environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                return new Outcome(-1, "still running after " + seconds + " s: " + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
            deleteTree(folder);
        }
    }

    /** Deletes a folder and all in it. */
    public static void deleteTree(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted((x, y) -> y.compareTo(x)).toList()) {
                Files.delete(path);
            }
        }
    }
}
