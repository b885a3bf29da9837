package dev.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows works as shown. */
class ReadmeTest {

    private static final Path README = Path.of("README.md");

    @TempDir
    Path folder;

    @Test
    void theJavaCompilesAndRuns() throws Exception {
        compile(firstMatch("(?s)```java\\n(Dataset faces.*?)```"), "");
        String printed = run();
        assertTrue(printed.matches("\\d+ triplets, mean distance \\d\\.\\d+(E-\\d+)?\\R"), printed);
    }

    /** The example project is built and run by a test of its own. */
    @Test
    void theLinesThatRecogniseAreTheExamples() throws IOException {
        String lines = firstMatch("(?s)```java\\n(try \\(ExpressionRecognizer.*?)```");
        String example =
                Files.readString(Path.of("examples/recognise-faces/src/main/java/example/RecogniseFaces.java"));
        assertTrue(comparable(example).contains(comparable(lines)), "the README and the example differ");
    }

    private static String comparable(String java) {
        return java.replaceAll("Path\\.of\\([^)]*\\)", "a path").replaceAll("\\s+", " ");
    }

    @Test
    void theJavaOfPredictionsCompiles() throws IOException {
        compile(firstMatch("(?s)```java\\n(try \\(InferenceNetwork .*?)```"), "float[] pixels");
    }

    private void compile(String body, String parameters) throws IOException {
        String imports = Stream.of("backbones", "data", "inference", "internal", "kernels", "miners", "training")
                .map(name -> "import dev.mien." + name + ".*;\n")
                .collect(Collectors.joining("", "import java.nio.file.Path;\nimport java.util.Arrays;\n", ""));
        Path source = Files.writeString(
                folder.resolve("Readme.java"),
                imports + "public class Readme {\n    public static void run(" + parameters + ") throws Exception {\n"
                        + body + "    }\n}\n");
        String classpath = System.getProperty("java.class.path");
        int code = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", folder.toString(), "-cp", classpath, source.toString());
        assertEquals(0, code, "the Java of the README does not compile");
    }

    private String run() throws Exception {
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            loader.loadClass("Readme").getMethod("run").invoke(null);
        } finally {
            System.setOut(out);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everyCommandLineIsKnown() throws IOException {
        Matcher lines = Pattern.compile("(?m)^\\./mien (.*)$").matcher(Files.readString(README));
        int found = 0;
        while (lines.find()) {
            // Without its data a command fails; what it must not do is find its own options wrong.
            Mien.Outcome outcome = Mien.run((Object[]) elsewhere(lines.group(1)).split(" "));
            assertEquals(1, outcome.code(), outcome::toString);
            assertFalse(outcome.err().contains("internal error"), outcome::toString);
            found++;
        }
        assertTrue(found >= 5, "only " + found + " command lines in the README");
    }

    /** The same command line on files of a folder where there are none. */
    private String elsewhere(String arguments) {
        return arguments.replaceAll("(\\S+/)?\\S+\\.(zip|npy|safetensors|classifier)", folder + "/absent.$2");
    }

    private static String firstMatch(String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(README));
        assertTrue(matcher.find(), "the README has no " + pattern);
        return matcher.group(1);
    }
}
