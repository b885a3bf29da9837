package dev.mien.recognition;

import dev.mien.backbones.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The model that comes with mien, where a build has one. */
final class BundledModel {

    private static final String RESOURCE = "/dev/mien/recognition/model.safetensors";

    private BundledModel() {}

    /**
     * Reads it.
     *
     * @throws IOException in one sentence, if this build has none
     */
    static ModelFile read() throws IOException {
        Path file = Files.createTempFile("mien", ".safetensors");
        try (InputStream in = stream()) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return ModelFile.read(file);
        } finally {
            Files.delete(file);
        }
    }

    private static InputStream stream() throws IOException {
        InputStream in = BundledModel.class.getResourceAsStream(RESOURCE);
        if (in == null) {
            throw new IOException("this build of mien brings no model of its own; name a file that 'mien train' wrote");
        }
        return in;
    }
}
