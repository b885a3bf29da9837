package dev.mien.backbones;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * The float32 tensors of a model in plain memory, and what it says of itself. Reading a file does not load LibTorch. An
 * instance owns its memory and frees it when closed.
 */
public final class ModelTensors implements AutoCloseable {

    /** A tensor: its sides and its values, row-major. */
    private record Values(long[] shape, FloatPointer values) {}

    private final ModelMetadata metadata;
    private final Map<String, Values> tensors;

    private ModelTensors(ModelMetadata metadata, Map<String, Values> tensors) {
        this.metadata = metadata;
        this.tensors = tensors;
    }

    /**
     * Reads a model file.
     *
     * @throws IllegalArgumentException if the file holds no mien model, or its tensors do not fit the backbone it names
     * @throws IOException if the file is missing or broken; the message names it
     */
    public static ModelTensors read(Path path) throws IOException {
        try (WeightsFile file = WeightsFile.open(path)) {
            if (!Safetensors.startsWith(file.bytes(0, 9))) {
                throw file.error("is no model of mien (a safetensors file)");
            }
            Safetensors.Layout layout = Safetensors.layout(file);
            ModelMetadata metadata = ModelMetadata.fromMap(layout.header().metadata);
            ModelTensors model = new ModelTensors(metadata, new LinkedHashMap<>());
            try {
                model.read(file, layout);
            } catch (IOException | RuntimeException e) {
                model.close();
                throw e;
            }
            return model;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    private void read(WeightsFile file, Safetensors.Layout layout) throws IOException {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, long[]> wanted : shapes().entrySet()) {
            SafetensorsHeader.Entry entry = layout.header().entries.get(wanted.getKey());
            if (entry == null) {
                missing.add(wanted.getKey());
                continue;
            }
            if (entry.type() != WeightsType.F32 || !Arrays.equals(entry.shape(), wanted.getValue())) {
                throw new IllegalArgumentException("the tensor " + WeightsFile.quote(entry.name()) + " is "
                        + entry.type() + " " + Arrays.toString(entry.shape()) + ", not F32 "
                        + Arrays.toString(wanted.getValue()));
            }
            FloatPointer values = new FloatPointer((entry.end() - entry.begin()) / Float.BYTES);
            tensors.put(entry.name(), new Values(entry.shape(), values));
            file.fill(values.asByteBuffer(), layout.data() + entry.begin());
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("it lacks the tensors " + WeightsFile.list(missing));
        }
    }

    /** A copy of a backbone's tensors, from any device. */
    public static ModelTensors of(Backbone backbone) {
        BackboneKind kind = BackboneKind.ofWord(backbone.name());
        ModelMetadata metadata = ModelMetadata.of(kind, backbone, ModelFile.LABELS, Map.of());
        Map<String, Values> copies = new LinkedHashMap<>();
        Weights.tensorsOf(backbone).forEach((name, tensor) -> copies.put(name, copy(tensor)));
        return new ModelTensors(metadata, copies);
    }

    private static Values copy(Tensor tensor) {
        FloatPointer values = new FloatPointer(tensor.numel());
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor dense = tensor.detach().cpu().contiguous();
            FloatPointer.memcpy(values, dense.data_ptr(), dense.nbytes());
        }
        return new Values(WeightsMemory.shape(tensor), values);
    }

    /** What the model says of itself. */
    public ModelMetadata metadata() {
        return metadata;
    }

    /** What its network looks like. */
    public Architecture architecture() {
        return metadata.backbone().architecture();
    }

    /** The values of a tensor, row-major, alive as long as this object. */
    public FloatPointer values(String name) {
        return tensors.get(name).values();
    }

    /** The sides of a tensor. */
    public long[] shape(String name) {
        return tensors.get(name).shape().clone();
    }

    /** Names and sides of the tensors that a model with this metadata has, in their order. */
    private Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (Architecture.Block block : architecture().blocks()) {
            shapes.put(block.convolution() + ".weight", new long[] {block.out(), block.in(), 3, 3});
            if (architecture().convolutionBias()) {
                shapes.put(block.convolution() + ".bias", new long[] {block.out()});
            }
            if (block.normalisation() != null) {
                for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
                    shapes.put(block.normalisation() + "." + part, new long[] {block.out()});
                }
            }
        }
        shapes.put(
                "head.weight", new long[] {Architecture.CLASSES, architecture().featureCount()});
        shapes.put("head.bias", new long[] {Architecture.CLASSES});
        return shapes;
    }

    @Override
    public void close() {
        tensors.values().forEach(tensor -> tensor.values().close());
    }
}
