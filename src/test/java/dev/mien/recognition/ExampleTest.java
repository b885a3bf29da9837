package dev.mien.recognition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example project builds against mien's jars and recognises faces, as an application's build would. */
class ExampleTest {

    private static final Path EXAMPLE = Path.of("examples/recognise-faces");

    @TempDir
    Path folder;

    @Test
    void theExampleRecognisesFaces() throws Exception {
        Path repository = Path.of(System.getProperty("user.home"), ".m2/repository");
        assumeTrue(Files.isDirectory(repository), "skipped: there is no ~/.m2/repository to build offline with");
        Path project = copy(EXAMPLE, folder.resolve("project"));
        Path picture = folder.resolve("two.png");
        ImageIO.write(TestPictures.twoFaces(), "png", picture.toFile());
        List<String> lines = run(
                project,
                "mvn",
                "-B",
                "-q",
                "-Dstyle.color=never",
                "-Dmaven.repo.local=" + repositoryWithMien(repository),
                "compile",
                "exec:java",
                "-Dexec.args=" + picture);
        List<String> faces = lines.stream()
                .map(line -> line.replaceAll("\u001B\\[[;\\d]*m", "")) // Maven resets the terminal's colours
                .filter(line -> line.matches("[a-z]+ [01]\\.\\d\\d at \\d+,\\d+ \\d+x\\d+"))
                .toList();
        assertEquals(2, faces.size(), String.join("\n", lines));
    }

    /** A repository that links to the real one and has the jars that were just built, which that may not have. */
    private Path repositoryWithMien(Path real) throws IOException {
        Path repository = Files.createDirectories(folder.resolve("repository"));
        try (Stream<Path> groups = Files.list(real)) {
            for (Path group : groups.filter(path -> !path.endsWith("dev")).toList()) {
                Files.createSymbolicLink(repository.resolve(group.getFileName()), group.toAbsolutePath());
            }
        }
        if (Files.isDirectory(real.resolve("dev"))) {
            Files.createDirectory(repository.resolve("dev"));
            try (Stream<Path> groups = Files.list(real.resolve("dev"))) {
                for (Path group : groups.filter(path -> !path.endsWith("mien")).toList()) {
                    Files.createSymbolicLink(repository.resolve("dev").resolve(group.getFileName()), group);
                }
            }
        }
        Path mien = Files.createDirectories(repository.resolve("dev/mien/mien/0.1.0"));
        Files.copy(Path.of("pom.xml"), mien.resolve("mien-0.1.0.pom"));
        for (String jar : List.of("mien.jar", "mien.natives.jar")) {
            Path built = Path.of(System.getProperty(jar));
            Files.copy(built, mien.resolve(built.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        return repository;
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.filter(path -> !path.startsWith(from.resolve("target")))
                    .toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
        return to;
    }

    private List<String> run(Path directory, String... command) throws IOException, InterruptedException {
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(300, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        assertEquals(0, process.exitValue(), () -> String.join(" ", command) + "\n" + read(log));
        return Files.readAllLines(log);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
