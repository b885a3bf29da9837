package dev.mien.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Opens datasets by the words that the command line takes. */
public final class Datasets {

    /** The word for generated faces, optionally followed by {@code :n}, their number. */
    public static final String SCHEMATIC = "schematic";

    private Datasets() {}

    /**
     * Opens a dataset.
     *
     * @param spec Kaggle's archive.zip (read in place), its unpacked folder, fer2013.csv (or icml_face_data.csv), or
     *     {@code schematic[:n]} for n generated faces ({@value SchematicFaces#DEFAULT_SIZE} without n)
     * @param seed seed of the generated faces; files are read the same whatever it is
     * @throws IOException naming a file that is missing, truncated or not readable
     * @throws IllegalArgumentException naming the file and the row, entry or value that is wrong
     */
    public static Dataset open(String spec, long seed) throws IOException {
        if (spec.equals(SCHEMATIC) || spec.startsWith(SCHEMATIC + ":")) {
            return SchematicFaces.generate(schematicSize(spec), seed);
        }
        Path path = path(spec);
        if (Files.isDirectory(path)) {
            return Fer2013.ofFolder(path);
        }
        if (!Files.exists(path)) {
            throw new NoSuchFileException(
                    spec, null, "no such dataset; expected a .zip, a folder, a .csv or schematic[:n]");
        }
        String name = spec.toLowerCase(Locale.ROOT);
        if (name.endsWith(".zip")) {
            return Fer2013.ofZip(path);
        }
        if (name.endsWith(".csv")) {
            return Fer2013.ofCsv(path);
        }
        throw new IllegalArgumentException(
                spec + ": not a dataset; expected a .zip, a folder, a .csv or schematic[:n]");
    }

    private static Path path(String spec) {
        try {
            return Path.of(spec);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + spec + "' is not a path: " + e.getReason(), e);
        }
    }

    private static int schematicSize(String spec) {
        if (spec.equals(SCHEMATIC)) {
            return SchematicFaces.DEFAULT_SIZE;
        }
        String number = spec.substring(SCHEMATIC.length() + 1);
        try {
            return Integer.parseInt(number);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + spec + "': '" + number + "' is not a number of faces", e);
        }
    }
}
