package dev.mien.cli;

import dev.mien.backbones.BundledModel;
import dev.mien.backbones.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which model a command runs. */
final class ModelOption {

    static final String WORDS = "What 'mien train' wrote, or 'bundled' (default): the model that comes with mien.";

    @Option(names = "--model", paramLabel = "M", description = WORDS)
    private Path model = Path.of(BundledModel.WORD);

    ModelFile open() throws IOException {
        return ModelFile.read(BundledModel.orFile(model));
    }
}
