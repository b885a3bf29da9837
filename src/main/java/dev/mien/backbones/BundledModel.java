package dev.mien.backbones;

import dev.mien.internal.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.bytedeco.javacpp.Loader;

/**
 * The model that comes with the library: {@code compact}, trained on FER2013 from random weights. It lies in the jar and is
 * unpacked once, into JavaCPP's cache beside the native libraries. docs/model-card.md says what it can do.
 */
public final class BundledModel {

    /** What stands for it where the command line takes a model file. */
    public static final String WORD = "bundled";

    private static final String RESOURCE = "/dev/mien/models/compact-fer2013.safetensors";

    private BundledModel() {}

    /** Opens the model; the caller closes it. Errors as {@link #file}. */
    public static ModelFile open() throws IOException {
        return ModelFile.read(file());
    }

    /**
     * The model as a file that may be read but not changed.
     *
     * @throws IOException if it cannot be unpacked, or is not what its SHA-256 in the jar says
     */
    public static Path file() throws IOException {
        if (BundledModel.class.getResource(RESOURCE) == null) {
            throw new IOException("this build of mien brings no model of its own; name a file that 'mien train' wrote");
        }
        Path file = Loader.cacheResource(BundledModel.class, RESOURCE).toPath();
        requireIntact(file, resource(RESOURCE + ".sha256"));
        return file;
    }

    /** The file itself, or the bundled model where it is called {@link #WORD}. */
    public static Path orFile(Path file) throws IOException {
        return file.toString().equals(WORD) ? file() : file;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = BundledModel.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** @param sum as {@code sha256sum} prints it: 64 digits, and a name that is passed over */
    static void requireIntact(Path file, String sum) throws IOException {
        String actual = HexFormat.of().formatHex(Sha256.start().digest(Files.readAllBytes(file)));
        if (!sum.startsWith(actual)) {
            throw new IOException(
                    "%s: is not the bundled model: its SHA-256 is %s; delete it, so that it is unpacked anew"
                            .formatted(file, actual));
        }
    }
}
