package dev.mien.cli;

import dev.mien.backbones.ModelTensors;
import dev.mien.inference.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mien model export}: a mien model for other runtimes. */
@Command(
        name = "export",
        header = "Write a model in another format: ONNX.",
        description = "Opset 17; input pixels (batch, c, h, w), values 0..1; outputs features (batch, d) and logits"
                + " (batch, 7). Labels and other metadata go along.",
        footer = {"", "Example:", "  mien model export --format onnx --model model.safetensors --out model.onnx"})
final class ModelExportCommand extends Subcommand {

    /** What can be written. */
    enum Format {
        ONNX
    }

    @Option(names = "--format", paramLabel = "F", description = "onnx (default).")
    private Format format = Format.ONNX;

    @Option(names = "--model", required = true, paramLabel = "M", description = "A mien model (safetensors).")
    private Path model;

    @Option(names = "--out", required = true, paramLabel = "F", description = "File to write.")
    private Path out;

    /** The result as JSON. */
    private record Summary(Path out, Format format, String backbone, long bytes) {}

    @Override
    void run(Console console) throws IOException {
        OutputPath.checkFile(out);
        try (ModelTensors tensors = ModelTensors.read(model)) {
            OnnxModel.write(out, tensors);
            String backbone = tensors.architecture().name();
            long bytes = Files.size(out);
            print(new Summary(out, format, backbone, bytes), out + ": " + backbone + " as ONNX, " + bytes + " bytes");
        }
    }
}
