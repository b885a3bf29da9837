package dev.mien.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files that arguments name, one at a time: files as they are, images in folders and those below, patterns that the
 * shell left alone, and the lines of standard input. Of a tree it keeps the names on the way down only.
 */
final class PictureFiles implements Iterator<Path> {

    /** The argument that stands for standard input. */
    static final String STDIN = "-";

    private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff");

    private final Deque<Iterator<Path>> open = new ArrayDeque<>();
    private final Iterator<String> arguments;
    private final BufferedReader stdin;
    private Path next;

    /** @param stdin read when an argument is {@value #STDIN} */
    PictureFiles(List<String> arguments, BufferedReader stdin) {
        this.arguments = arguments.iterator();
        this.stdin = stdin;
    }

    @Override
    public boolean hasNext() {
        while (next == null && (!open.isEmpty() || arguments.hasNext())) {
            advance();
        }
        return next != null;
    }

    @Override
    public Path next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Path file = next;
        next = null;
        return file;
    }

    private void advance() {
        if (open.isEmpty()) {
            open.push(named(arguments.next()));
        } else if (!open.peek().hasNext()) {
            open.pop();
        } else {
            Path path = open.peek().next();
            if (Files.isDirectory(path)) {
                open.push(inside(path));
            } else {
                next = path;
            }
        }
    }

    private Iterator<Path> named(String argument) {
        if (argument.equals(STDIN)) {
            return stdin.lines().filter(line -> !line.isBlank()).map(Path::of).iterator();
        }
        Path path = Path.of(argument);
        if (Files.exists(path) || !isPattern(argument)) {
            return List.of(path).iterator();
        }
        List<Path> matches = matches(path);
        return (matches.isEmpty() ? List.of(path) : matches).iterator(); // which is then reported as missing
    }

    private static boolean isPattern(String text) {
        return text.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    private static List<Path> matches(Path pattern) {
        Path folder = pattern.getParent();
        while (folder != null && isPattern(folder.toString())) {
            folder = folder.getParent();
        }
        Path start = folder == null ? Path.of("") : folder;
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        try (Stream<Path> paths = Files.walk(start)) {
            return paths.filter(matcher::matches).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    /** Images and folders in a folder, sorted; the folder itself where it cannot be listed, to be reported like a file. */
    private Iterator<Path> inside(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(PictureFiles::isWanted).sorted().toList().iterator();
        } catch (IOException e) {
            next = folder;
            return List.<Path>of().iterator();
        }
    }

    /** Not what is hidden, and not behind symbolic links to folders, which may lead in circles. */
    private static boolean isWanted(Path path) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.startsWith(".")) {
            return false;
        }
        if (Files.isDirectory(path)) {
            return !Files.isSymbolicLink(path);
        }
        return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
