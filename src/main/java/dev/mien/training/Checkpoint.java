package dev.mien.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mien.backbones.Backbone;
import dev.mien.backbones.Weights;
import dev.mien.data.ContentKey;
import dev.mien.data.FaceImages;
import dev.mien.internal.Downloads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A training's state as one safetensors file: tensors by name, everything else as JSON in the metadata, and what the
 * training started from, as it can go on from no other.
 *
 * @param inputs hash of the images and of the weights at the start
 */
record Checkpoint(Path file, TrainingSettings settings, String inputs) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is not a tensor. */
    record Scores(
            double rate, double plateauBest, int badEpochs, double best, int bestEpoch, List<EpochRecord> epochs) {}

    /** That of a training which starts with the weights {@code start} holds now. */
    static Checkpoint of(
            Path file, TrainingSettings settings, Backbone start, FaceImages train, FaceImages validation) {
        ContentKey key = new ContentKey().add(start.name()).add(train).add(validation);
        try (PointerScope scope = new PointerScope()) {
            Weights.tensorsOf(start).values().forEach(tensor -> key.add(Downloads.floats(tensor)));
        }
        return new Checkpoint(file, settings, key.hex());
    }

    void write(Map<String, Tensor> tensors, Scores scores) throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Map<String, String> metadata = new LinkedHashMap<>();
            metadata.put("mien.checkpoint", JSON.writeValueAsString(scores));
            metadata.put("mien.settings", settings.toString());
            metadata.put("mien.inputs", inputs);
            Weights.write(file, tensors, metadata);
        }
    }

    /** Copies the file's tensors into {@code tensors}; refuses those of another training, but for the number of epochs. */
    Scores read(Map<String, Tensor> tensors) throws IOException {
        try (PointerScope scope = new PointerScope();
                Weights weights = Weights.read(file)) {
            String state = weights.metadata().get("mien.checkpoint");
            if (state == null) {
                throw new IllegalArgumentException(file + " is not a training checkpoint");
            }
            if (!comparable(settings.toString())
                    .equals(comparable(weights.metadata().get("mien.settings")))) {
                throw refusal("was written under other settings");
            }
            if (!inputs.equals(weights.metadata().get("mien.inputs"))) {
                throw refusal("belongs to other images or start weights");
            }
            weights.applyTo(tensors);
            return JSON.readValue(state, Scores.class);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " holds a damaged training state: " + e.getOriginalMessage(), e);
        }
    }

    private IllegalArgumentException refusal(String reason) {
        return new IllegalArgumentException(file + " " + reason + "; give the same ones or leave out --resume");
    }

    /** A training may be lengthened or cut short: the rest of its schedule is stretched to what remains. */
    private static String comparable(String settings) {
        return settings == null ? "" : settings.replaceFirst("epochs=\\d+", "epochs=*");
    }
}
