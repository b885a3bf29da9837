package dev.mien.cli;

import dev.mien.backbones.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mien model annotate}: a model with other notes. */
@Command(
        name = "annotate",
        header = "Write a copy of a model with notes in its metadata.",
        description =
                "Notes are kept as mien.KEY and shown by 'mien model inspect': what a model was measured at, its licence,"
                        + " where it comes from.",
        footer = {
            "",
            "Example:",
            "  mien model annotate --model M.safetensors --out N.safetensors \\",
            "                      --note \"accuracy=0.69 on PrivateTest\" --note licence=MIT"
        })
final class ModelAnnotateCommand extends Subcommand {

    @Mixin
    private ModelOption model;

    @Option(names = "--out", required = true, paramLabel = "N", description = "Model to write, as safetensors.")
    private Path out;

    @Option(
            names = "--note",
            required = true,
            paramLabel = "KEY=TEXT",
            description = "A note; with an empty text the note is dropped. May be given again.")
    private Map<String, String> notes;

    /** The result as JSON. */
    private record Summary(Path out, Map<String, String> notes) {}

    @Override
    void run(Console console) throws IOException {
        OutputPath.checkFile(out);
        try (ModelFile file = model.open()) {
            Map<String, String> all = new TreeMap<>(file.metadata().notes());
            notes.forEach((key, text) -> {
                if (text.isEmpty()) {
                    all.remove(key);
                } else {
                    all.put(key, text);
                }
            });
            ModelFile.write(out, file.backbone(), all);
            print(new Summary(out, all), out + ": notes " + String.join(", ", all.keySet()));
        }
    }
}
