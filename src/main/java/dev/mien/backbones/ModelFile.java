package dev.mien.backbones;

import dev.mien.data.Expression;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A trained backbone as one safetensors file whose metadata says everything needed to use it.
 *
 * @param backbone the network, owned by this object
 * @param metadata what the file says of itself; the note {@code loss} is what the model was trained with
 */
public record ModelFile(Backbone backbone, ModelMetadata metadata) implements AutoCloseable {

    static final List<String> LABELS =
            Arrays.stream(Expression.values()).map(Expression::word).toList();

    /**
     * Writes a model, whole or not at all.
     *
     * @param notes metadata beyond what the backbone says of itself; {@code loss} is what it was trained with
     */
    public static void write(Path file, Backbone backbone, Map<String, String> notes) throws IOException {
        ModelMetadata metadata = ModelMetadata.of(BackboneKind.ofWord(backbone.name()), backbone, LABELS, notes);
        Weights.write(file, Weights.tensorsOf(backbone), metadata.toMap());
    }

    /**
     * Reads a model.
     *
     * @throws IllegalArgumentException if the file holds no mien model, or its tensors do not fit the backbone it names
     * @throws IOException if the file is missing or broken; the message names it
     */
    public static ModelFile read(Path file) throws IOException {
        try (Weights weights = Weights.read(file)) {
            ModelMetadata metadata = ModelMetadata.fromMap(weights.metadata());
            Backbone backbone = metadata.backbone().create(0);
            try {
                weights.applyTo(backbone);
            } catch (IllegalArgumentException e) {
                backbone.close();
                throw e;
            }
            return new ModelFile(backbone, metadata);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** See {@link ModelMetadata#loss()}. */
    public String loss() {
        return metadata.loss();
    }

    /** See {@link ModelMetadata#normalised()}. */
    public boolean normalised() {
        return metadata.normalised();
    }

    @Override
    public void close() {
        backbone.close();
    }
}
