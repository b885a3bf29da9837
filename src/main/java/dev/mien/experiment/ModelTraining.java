package dev.mien.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mien.backbones.Backbone;
import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.ModelFile;
import dev.mien.backbones.Weights;
import dev.mien.data.ContentKey;
import dev.mien.data.Dataset;
import dev.mien.data.FaceImages;
import dev.mien.internal.Progress;
import dev.mien.training.Trainer;
import dev.mien.training.TrainingResult;
import dev.mien.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One training into one file, which is never repeated for the same inputs: settings, images and start weights, by their
 * hash in the file's notes.
 *
 * @param data validates the training; its test images count among the inputs, as their features lie beside the model
 * @param train images to train on
 * @param start weights to start from, or null for random ones
 * @param file the model; its folder holds the state of an interrupted training, too
 */
record ModelTraining(
        BackboneKind backbone, TrainingSettings settings, Dataset data, FaceImages train, Path start, Path file) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TRAINING = "training";
    private static final String INPUTS = "inputs";

    /** A trained model's name and size, and how its training went. */
    record Outcome(String backbone, long parameters, TrainingResult result) {}

    /** What an earlier run left in the file, of the same inputs. */
    Optional<Outcome> kept() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (ModelFile model = ModelFile.read(file)) {
            Map<String, String> notes = model.metadata().notes();
            return inputs(settings).equals(notes.get(INPUTS))
                    ? Optional.of(outcome(model.backbone(), JSON.readValue(notes.get(TRAINING), TrainingResult.class)))
                    : Optional.empty();
        }
    }

    /** Trains; with {@code resume} from where an interrupted run stopped, be it one of more or fewer epochs. */
    Outcome run(boolean resume, Progress progress) throws IOException {
        Path checkpoint = checkpoint(inputs(settings.withEpochs(1)));
        try (Backbone network = backbone.create(settings.seed())) {
            if (start != null) {
                Weights.start(start, network);
            }
            TrainingResult result =
                    new Trainer(settings, checkpoint, progress).fit(network, train, data.validation(), resume);
            Map<String, String> notes = new HashMap<>(settings.notes());
            notes.put(INPUTS, inputs(settings));
            notes.put(TRAINING, JSON.writeValueAsString(result));
            ModelFile.write(file, network, notes);
            Files.deleteIfExists(checkpoint);
            return outcome(network, result);
        }
    }

    private static Outcome outcome(Backbone network, TrainingResult result) {
        return new Outcome(network.name(), network.parameterCount(), result);
    }

    private String inputs(TrainingSettings given) throws IOException {
        return new ContentKey()
                .add(backbone)
                .add(given)
                .add(train)
                .add(data.validation())
                .add(data.test())
                .add(start)
                .hex();
    }

    /** Where a training of these inputs leaves its state; that of any other, which nothing can go on from, is removed. */
    private Path checkpoint(String inputs) throws IOException {
        Path own = file.resolveSibling("checkpoint-" + inputs.substring(0, 16) + ".safetensors");
        try (DirectoryStream<Path> all = Files.newDirectoryStream(file.getParent(), "checkpoint*.safetensors")) {
            for (Path checkpoint : all) {
                if (!checkpoint.equals(own)) {
                    Files.delete(checkpoint);
                }
            }
        }
        return own;
    }
}
