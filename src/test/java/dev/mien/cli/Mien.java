package dev.mien.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the command line, in this process or in one of its own, and keeps what it printed. */
final class Mien {

    /** How a run ended. */
    record Outcome(int code, String out, String err) {
        @Override
        public String toString() {
            return "exit code %d%n--- stdout%n%s%n--- stderr%n%s".formatted(code, out, err);
        }
    }

    private Mien() {}

    /** Runs a command in this process. */
    static Outcome run(Object... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            int code = Main.run(strings(arguments).toArray(String[]::new));
            return new Outcome(
                    code, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    /** Runs a command in a JVM of its own. */
    static Outcome spawn(List<String> jvmOptions, Map<String, String> environment, Object... arguments)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("mien", ".out");
        Path err = Files.createTempFile("mien", ".err");
        try {
            int code = spawn(out, err, jvmOptions, environment, arguments);
            return new Outcome(code, Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Runs a command in a JVM of its own with stdout and stderr to files. */
    static int spawn(Path out, Path err, List<String> jvmOptions, Map<String, String> environment, Object... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(strings(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("still running after 120 s: " + command);
        }
        return process.exitValue();
    }

    private static List<String> strings(Object... arguments) {
        List<String> strings = new ArrayList<>();
        for (Object argument : arguments) {
            strings.add(argument.toString());
        }
        return strings;
    }
}
