package dev.mien.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mien.backbones.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** A training's state as one safetensors file: tensors by name, everything else as JSON in the metadata. */
final class Checkpoint {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Checkpoint() {}

    /** What is not a tensor. */
    record Scores(
            double rate, double plateauBest, int badEpochs, double best, int bestEpoch, List<EpochRecord> epochs) {}

    static void write(Path file, TrainingSettings settings, Map<String, Tensor> tensors, Scores scores)
            throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Map<String, String> metadata = new LinkedHashMap<>();
            metadata.put("mien.checkpoint", JSON.writeValueAsString(scores));
            metadata.put("mien.settings", settings.toString());
            Weights.write(file, tensors, metadata);
        }
    }

    /** Copies a checkpoint's tensors into {@code tensors}; refuses one written under settings that differ in more than epochs. */
    static Scores read(Path file, TrainingSettings settings, Map<String, Tensor> tensors) throws IOException {
        try (PointerScope scope = new PointerScope();
                Weights weights = Weights.read(file)) {
            String state = weights.metadata().get("mien.checkpoint");
            if (state == null) {
                throw new IllegalArgumentException(file + " is not a training checkpoint");
            }
            if (!comparable(settings.toString())
                    .equals(comparable(weights.metadata().get("mien.settings")))) {
                throw new IllegalArgumentException(
                        file + " was written under other settings; give the same ones or leave out --resume");
            }
            weights.applyTo(tensors);
            return JSON.readValue(state, Scores.class);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " holds a damaged training state: " + e.getOriginalMessage(), e);
        }
    }

    /** A training may be lengthened or cut short: the rest of its schedule is stretched to what remains. */
    private static String comparable(String settings) {
        return settings == null ? "" : settings.replaceFirst("epochs=\\d+", "epochs=*");
    }
}
