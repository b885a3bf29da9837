package dev.mien.cli;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.BundledModel;
import dev.mien.backbones.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mien model inspect}: the tensors of a backbone or a file of weights. */
@Command(
        name = "inspect",
        header = "List the tensors of a backbone or a file.",
        description = "Of a file, its metadata too.",
        footer = {
            "",
            "Examples:",
            "  mien model inspect --model bundled",
            "  mien model inspect --backbone vgg19",
            "  mien model inspect --model vgg19-dcbb9e9d.pth"
        })
final class ModelInspectCommand extends Subcommand {

    /** BatchNorm's statistics: saved, not trained. */
    private static final Set<String> BUFFERS = Set.of("running_mean", "running_var", "num_batches_tracked");

    private static final Map<ScalarType, String> TYPES = Map.of(
            ScalarType.Double, "float64",
            ScalarType.Float, "float32",
            ScalarType.Half, "float16",
            ScalarType.BFloat16, "bfloat16",
            ScalarType.Long, "int64",
            ScalarType.Int, "int32",
            ScalarType.Short, "int16",
            ScalarType.Char, "int8",
            ScalarType.Byte, "uint8",
            ScalarType.Bool, "bool");

    @ArgGroup(multiplicity = "1")
    private What what;

    /** One of the two. */
    private static final class What {
        @Option(names = "--backbone", paramLabel = "B", description = "vgg19, vgg19-bn or compact.")
        private BackboneKind backbone;

        @Option(
                names = "--model",
                paramLabel = "FILE",
                description = "A mien model, any weights (safetensors or PyTorch), or 'bundled': the model that comes"
                        + " with mien.")
        private Path model;
    }

    private record TensorInfo(String name, String type, List<Long> shape, long values) {}

    /** The result as JSON. */
    private record Summary(String name, long parameters, Map<String, String> metadata, List<TensorInfo> tensors) {}

    @Override
    void run(Console console) throws IOException {
        Summary summary = what.backbone == null ? ofFile(what.model) : ofBackbone(what.backbone);
        print(summary, text(summary));
    }

    private static Summary ofBackbone(BackboneKind kind) {
        try (Backbone backbone = kind.create(0)) {
            return new Summary(kind.word(), backbone.parameterCount(), Map.of(), tensors(Weights.tensorsOf(backbone)));
        }
    }

    private static Summary ofFile(Path file) throws IOException {
        try (Weights weights = Weights.read(BundledModel.orFile(file))) {
            List<TensorInfo> tensors = tensors(weights.tensors());
            long parameters = tensors.stream()
                    .filter(tensor -> !isBuffer(tensor.name))
                    .mapToLong(TensorInfo::values)
                    .sum();
            return new Summary(file.toString(), parameters, weights.metadata(), tensors);
        }
    }

    private static boolean isBuffer(String name) {
        return BUFFERS.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    private static List<TensorInfo> tensors(Map<String, Tensor> tensors) {
        List<TensorInfo> infos = new ArrayList<>();
        tensors.forEach((name, tensor) -> infos.add(new TensorInfo(
                name,
                TYPES.getOrDefault(
                        tensor.scalar_type().intern(),
                        tensor.scalar_type().intern().name()),
                LongStream.range(0, tensor.dim()).map(tensor::size).boxed().toList(),
                tensor.numel())));
        return infos;
    }

    private static String text(Summary s) {
        TextTable table = new TextTable(3, "tensor", "type", "shape", "values");
        for (TensorInfo tensor : s.tensors) {
            String shape = tensor.shape.stream().map(String::valueOf).collect(Collectors.joining(" x "));
            table.row(tensor.name, tensor.type, shape.isEmpty() ? "scalar" : shape, grouped(tensor.values));
        }
        String metadata = s.metadata.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + shortened(entry.getValue()))
                .collect(Collectors.joining("\n"));
        return s.name + ": " + grouped(s.parameters) + " parameters in " + s.tensors.size() + " tensors\n"
                + (metadata.isEmpty() ? "" : metadata + "\n") + "\n" + table;
    }

    private static String shortened(String value) {
        String line = value.replaceAll("\\p{Cntrl}", " ");
        return line.length() > 200 ? line.substring(0, 200) + "..." : line;
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
