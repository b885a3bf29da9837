package dev.mien.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.Precision;
import dev.mien.classifiers.ClassifierPreset;
import dev.mien.evaluation.Results;
import dev.mien.evaluation.Results.Topic;
import dev.mien.training.ClassWeights;
import dev.mien.training.Preset;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExperimentNotesTest {

    private static final Path IMAGENET = Path.of("vgg19.pth");

    private static ExperimentNotes notes(Preset preset, Path weights, TrainingChanges changes) {
        ExperimentOptions options = new ExperimentOptions(
                preset,
                BackboneKind.VGG19,
                changes,
                ClassifierPreset.PAPER,
                List.of(1L),
                25,
                ExperimentOptions.ALL,
                TrainingFeatures.PLAIN,
                weights,
                "cpu",
                2,
                false,
                "mien experiment");
        return new ExperimentNotes(options, 0);
    }

    private static Map<String, String> deviations(TrainingChanges changes) {
        return notes(Preset.PAPER, IMAGENET, changes).settings().stream()
                .filter(setting -> setting.topic() == Topic.DEVIATION)
                .filter(setting ->
                        !setting.name().equals("start") && !setting.name().equals("conflicting labels"))
                .collect(Collectors.toMap(Results.Setting::name, Results.Setting::value));
    }

    @Test
    void everyChangeOfThePapersTrainingIsNamedBesideThePapersValue() {
        assertEquals(Map.of(), deviations(TrainingChanges.NONE));
        assertEquals(
                Map.of(
                        "epochs", "fewer, see table 5 (the paper's: at most 75)",
                        "learning rate", "0.01 (the paper's: 0.001)",
                        "images of a batch", "128 (the paper's: 64)",
                        "images per class", "9 (the paper's: 18)",
                        "class weights", "root (the paper's: equal)",
                        "precision", "bfloat16 (the paper's: float32)"),
                deviations(new TrainingChanges(null, 2, 128, 9, 0.01, ClassWeights.ROOT, Precision.BFLOAT16)));
    }

    @Test
    void whatThePaperDoesAsWellIsNoDeviation() {
        assertEquals(
                Map.of(),
                deviations(new TrainingChanges(null, null, 64, 18, 0.001, ClassWeights.EQUAL, Precision.FLOAT32)));
    }

    @Test
    void tripletTrainingStartsWhereCrossEntropyDidFromGivenWeightsAndInThePapersPresetOnly() {
        assertTripletStart(false, Preset.PAPER, IMAGENET);
        assertTripletStart(true, Preset.PAPER, null);
        assertTripletStart(true, Preset.QUICK, IMAGENET);
    }

    private static void assertTripletStart(boolean fromCrossEntropy, Preset preset, Path weights) {
        ExperimentNotes notes = notes(preset, weights, TrainingChanges.NONE);
        assertEquals(fromCrossEntropy, notes.tripletStartsFromCrossEntropy());
        assertEquals(
                fromCrossEntropy,
                notes.settings().stream().map(Results.Setting::name).anyMatch("triplet"::equals));
    }
}
