package dev.mien.cli;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.ModelFile;
import dev.mien.backbones.Weights;
import dev.mien.backbones.WeightsReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mien model import}: a mien model of foreign weights. */
@Command(
        name = "import",
        header = "Make a mien model of weights from elsewhere.",
        description =
                "A file with a head of seven classes must fit tensor by tensor. Of torchvision's ImageNet weights the"
                        + " convolutions are taken, fitted to grey images, and the head stays as initialised.",
        footer = {
            "",
            "Example:",
            "  mien model import --weights vgg19-dcbb9e9d.pth --backbone vgg19 \\",
            "                    --out imagenet.safetensors"
        })
final class ModelImportCommand extends Subcommand {

    @Option(names = "--weights", required = true, paramLabel = "W", description = "Weights (safetensors or PyTorch).")
    private Path weights;

    @Option(names = "--backbone", required = true, paramLabel = "B", description = "vgg19, vgg19-bn or compact.")
    private BackboneKind kind;

    @Option(names = "--out", required = true, paramLabel = "M", description = "Model to write, as safetensors.")
    private Path out;

    /** The result as JSON. */
    private record Summary(
            Path out, String backbone, List<String> loaded, List<String> skipped, List<String> untouched) {}

    @Override
    void run(Console console) throws IOException {
        OutputPath.checkFile(out);
        try (Backbone backbone = kind.create(global().seed)) {
            WeightsReport report = Weights.start(weights, backbone);
            ModelFile.write(
                    out,
                    backbone,
                    Map.of("loss", "none", "imported", weights.getFileName().toString()));
            print(
                    new Summary(out, backbone.name(), report.loaded(), report.skipped(), report.untouched()),
                    out + ": " + report);
        }
    }
}
