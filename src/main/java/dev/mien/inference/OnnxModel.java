package dev.mien.inference;

import dev.mien.backbones.Architecture;
import dev.mien.backbones.ModelTensors;
import dev.mien.internal.AtomicFiles;
import dev.mien.internal.MienVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Models as ONNX files (opset 17) for other runtimes: input {@code pixels} (batch, c, h, w), values 0..1; outputs {@code
 * features} (batch, d) and {@code logits} (batch, 7); batch may be anything. The metadata is that of the model file.
 */
public final class OnnxModel {

    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;

    /** Field numbers and codes of onnx.proto. */
    private static final int FLOAT = 1;

    private static final int FLOAT_ATTRIBUTE = 1;
    private static final int INT_ATTRIBUTE = 2;
    private static final int INTS_ATTRIBUTE = 7;

    private final ModelTensors model;
    private final Protobuf graph = new Protobuf();
    private String last = "pixels";

    private OnnxModel(ModelTensors model) {
        this.model = model;
    }

    /**
     * Writes a model, whole or not at all.
     *
     * @throws IOException if the file cannot be written; the message names it
     */
    public static void write(Path file, ModelTensors model) throws IOException {
        Protobuf onnx = new OnnxModel(model).model();
        AtomicFiles.write(file, onnx::writeTo);
    }

    private Protobuf model() {
        addNodes();
        Architecture architecture = model.architecture();
        int side = architecture.inputSize();
        graph.text(2, architecture.name())
                .message(11, value("pixels", architecture.channels(), side, side))
                .message(12, value("features", architecture.featureCount()))
                .message(12, value("logits", Architecture.CLASSES));
        Protobuf onnx = new Protobuf()
                .number(1, IR_VERSION)
                .text(2, "mien")
                .text(3, MienVersion.get())
                .message(7, graph)
                .message(8, new Protobuf().text(1, "").number(2, OPSET));
        model.metadata()
                .toMap()
                .forEach((key, text) ->
                        onnx.message(14, new Protobuf().text(1, key).text(2, text)));
        return onnx;
    }

    private void addNodes() {
        for (Architecture.Block block : model.architecture().blocks()) {
            String weight = tensor(block.convolution() + ".weight");
            Protobuf node = model.architecture().convolutionBias()
                    ? node("Conv", last, weight, tensor(block.convolution() + ".bias"))
                    : node("Conv", last, weight);
            add(
                    block.convolution(),
                    node.message(5, integers("kernel_shape", 3, 3)).message(5, integers("pads", 1, 1, 1, 1)));
            if (block.normalisation() != null) {
                String name = block.normalisation();
                Protobuf normalisation = node(
                        "BatchNormalization",
                        last,
                        tensor(name + ".weight"),
                        tensor(name + ".bias"),
                        tensor(name + ".running_mean"),
                        tensor(name + ".running_var"));
                add(name, normalisation.message(5, real("epsilon", (float) Architecture.NORMALISATION_EPSILON)));
            }
            add(last + ".relu", node("Relu", last));
            if (block.pool()) {
                add(
                        last + ".pool",
                        node("MaxPool", last)
                                .message(5, integers("kernel_shape", 2, 2))
                                .message(5, integers("strides", 2, 2)));
            }
        }
        add("means", node("GlobalAveragePool", last));
        add("features", node("Flatten", last).message(5, integer("axis", 1)));
        add(
                "logits",
                node("Gemm", last, tensor("head.weight"), tensor("head.bias")).message(5, integer("transB", 1)));
    }

    /** Adds a node that becomes the last one, its output called as it is. */
    private void add(String name, Protobuf node) {
        graph.message(1, node.text(2, name).text(3, name));
        last = name;
    }

    /** Adds a tensor of the model under its name. */
    private String tensor(String name) {
        Protobuf tensor = new Protobuf()
                .numbers(1, model.shape(name))
                .number(2, FLOAT)
                .text(8, name)
                .bytes(9, model.values(name).asByteBuffer());
        graph.message(5, tensor);
        return name;
    }

    private static Protobuf node(String type, String... inputs) {
        Protobuf node = new Protobuf().text(4, type);
        List.of(inputs).forEach(input -> node.text(1, input));
        return node;
    }

    private static Protobuf integers(String name, long... values) {
        return new Protobuf().text(1, name).numbers(8, values).number(20, INTS_ATTRIBUTE);
    }

    private static Protobuf integer(String name, long value) {
        return new Protobuf().text(1, name).number(3, value).number(20, INT_ATTRIBUTE);
    }

    private static Protobuf real(String name, float value) {
        return new Protobuf().text(1, name).real(2, value).number(20, FLOAT_ATTRIBUTE);
    }

    /** A float32 input or output whose first side is the batch. */
    private static Protobuf value(String name, long... sides) {
        Protobuf shape = new Protobuf().message(1, new Protobuf().text(2, "batch"));
        for (long side : sides) {
            shape.message(1, new Protobuf().number(1, side));
        }
        Protobuf tensor = new Protobuf().number(1, FLOAT).message(2, shape);
        return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
    }
}
