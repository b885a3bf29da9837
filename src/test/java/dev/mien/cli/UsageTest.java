package dev.mien.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.Precision;
import dev.mien.classifiers.ClassifierKind;
import dev.mien.data.AugmentationKind;
import dev.mien.data.Split;
import dev.mien.data.ViewSet;
import dev.mien.experiment.TrainingFeatures;
import dev.mien.internal.MienVersion;
import dev.mien.internal.NativeRuntime;
import dev.mien.internal.Words;
import dev.mien.kernels.CudaPrecision;
import dev.mien.kernels.Distance;
import dev.mien.miners.MinerKind;
import dev.mien.miners.NegativeChoice;
import dev.mien.miners.Semantics;
import dev.mien.recognition.FaceSource;
import dev.mien.training.ClassWeights;
import dev.mien.training.LossKind;
import dev.mien.training.Preset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

    private static final int TERMINAL = 80;

    static Stream<String> commands() {
        return Stream.of(
                "experiment",
                "study",
                "train",
                "embed",
                "fit",
                "evaluate",
                "retrieval",
                "predict",
                "mine",
                "distances",
                "bench mining",
                "bench distances",
                "bench inference",
                "bench training",
                "data inspect",
                "data synthesize",
                "model inspect",
                "model evaluate",
                "model import",
                "model annotate",
                "model export",
                "info");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpFitsATerminalAndHasAnExample(String command) {
        Mien.Outcome help = Mien.run((Object[]) (command + " --help").split(" "));
        assertEquals(0, help.code(), help::toString);
        assertEquals("", help.err());
        assertTrue(help.out().contains("Example"), help.out());
        assertTrue(help.out().contains("  mien " + command), help.out());
        String examples = help.out().substring(help.out().indexOf("Example"));
        assertAll(examples.lines().skip(1).map(line -> () -> assertTrue(line.startsWith("  "), "wrapped: " + line)));
        assertAll(help.out().lines().map(line -> () -> assertTrue(line.length() <= TERMINAL, line)));
    }

    @Test
    void helpNamesEveryWord() {
        assertNames(
                "train",
                AugmentationKind.class,
                BackboneKind.class,
                LossKind.class,
                ClassWeights.class,
                Preset.class,
                Precision.class,
                MinerKind.class,
                Semantics.class,
                Distance.class,
                NegativeChoice.class);
        assertNames("mine", MinerKind.class, Semantics.class, Distance.class);
        assertNames("fit", ClassifierKind.class);
        assertNames("embed", Split.class, ViewSet.class, Preset.class, Precision.class);
        assertNames("experiment", Preset.class, BackboneKind.class, TrainingFeatures.class);
        assertNames("predict", FaceSource.class, PredictionFormat.class);
        assertNames("retrieval", Distance.class);
        assertNames("distances", Distance.class, DeviceWord.class);
        assertNames("bench mining", CudaPrecision.class);
    }

    private static void assertNames(String command, Class<?>... enums) {
        String help =
                Mien.run((Object[]) (command + " --help").split(" ")).out().replaceAll("\\s+", " ");
        for (Class<?> type : enums) {
            Arrays.stream(type.getEnumConstants())
                    .map(constant -> Words.of((Enum<?>) constant))
                    .forEach(word -> assertTrue(help.contains(word), command + " --help lacks " + word));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "data",
                "model",
                "model inspect",
                "train --out m",
                "train --data schematic:100",
                "train --data schematic:100 --out m --loss cross --epochs 1",
                "train --data schematic:100 --out m --margin 1",
                "train --data schematic:100 --out m --loss triplet --margin -1",
                "train --data schematic:100 --out m --loss joint --mixup 0.2",
                "train --data schematic:100 --out m --mixup -1",
                "train --data schematic:100 --out m --augmentation heavy",
                "train --data schematic:100 --out m --erasing 1.5",
                "train --data schematic:100 --out m --averaging 1",
                "train --data schematic:100 --out m --label-smoothing 1",
                "train --data schematic:100 --out m --loss triplet --label-smoothing 0.1",
                "train --data schematic:100 --out m --loss triplet --class-weights root",
                "train --data schematic:100 --out m --class-weights heavy",
                "train --data schematic:100 --out m --batch-size 1",
                "train --data schematic:100 --out m --loss triplet --batch-size 64",
                "train --data schematic:100 --out m --images-per-class 8",
                "train --data schematic:100 --out m --loss joint --images-per-class 65537",
                "train --data schematic:100 --out m --loss joint --batches plain --images-per-class 8",
                "train --data schematic:100 --out m --batches mixed",
                "train --data schematic:100 --out m --steps-per-epoch 0",
                "train --data schematic:100 --out m --memory 64",
                "train --data schematic:100 --out m --no-unit-length",
                "train --data schematic:100 --out m --keep-conflicts",
                "train --data schematic:100 --out m --loss triplet --memory -1",
                "train --data schematic:100 --out m --loss triplet --miner batch-all --memory 64",
                "train --data schematic:100 --out m --loss triplet --joint-weight 1",
                "train --data schematic:100 --out m --loss joint --joint-weight -1",
                "study --data schematic:100 --out m --epochs 0",
                "study --data schematic:100 --out m --variants triplet,quadruplet",
                "train --data schematic:100 --out m --precision float16",
                "train --data schematic:100 --out m --preset best",
                "--device tpu info",
                "--threads 0 info",
                "info --threads 4096",
                "info --seed x",
                "info extra",
                "mine --embeddings E --labels Y --out T",
                "mine --embeddings E --labels Y --out T --miner hardest",
                "mine --embeddings E --labels Y --out T --miner random --rank 1:2",
                "mine --embeddings E --labels Y --out T --miner batch-hard --rank 2:1",
                "mine --embeddings E --labels Y --out T --miner batch-all --cap 0",
                "distances --a A --out D",
                "distances --a A --out D --distance chebyshev",
                "retrieval --embeddings E",
                "retrieval --embeddings E --labels Y --references F",
                "retrieval --embeddings E --labels Y --reference-labels Z",
                "retrieval --embeddings E --labels Y --restarts -1",
                "retrieval --embeddings E --labels Y --distance l2",
                "retrieval --embeddings E --labels Y --projection plot.pdf",
                "fit --embeddings E --labels Y --classifier tree --out C",
                "fit --embeddings E --labels Y --classifier svm --search 7 --out C",
                "embed --model M --data D --split dev --out O",
                "embed --model M --data D --split train --out O --augmented -1",
                "embed --model M --data D --split train --out O --augmented two",
                "embed --model M --data D --split train --out O --preset quick",
                "evaluate --classifier C --classifier D --embeddings E --labels Y",
                "evaluate --classifier C --embeddings E --embeddings F --labels Y",
                "evaluate --classifier C --embeddings E --labels Y --labels Z",
                "experiment --data D --out O --preset slow",
                "experiment --data D --out O --seeds 1,x",
                "experiment --data D --out O --features mirrored",
                "experiment --data D --out O --features augmented --preset paper",
                "experiment --data D --out O --search 12",
                "experiment --data D --out O --images-per-class x",
                "predict",
                "predict --faces found a.jpg",
                "predict --format xml a.jpg",
                "predict --format csv --json a.jpg",
                "predict --max-megapixels 0 a.jpg",
                "predict --faces given --yunet y.onnx a.jpg",
                "predict --views ten-crop a.jpg",
                "model inspect --backbone vgg19 --model m",
                "model inspect --backbone resnet",
                "model evaluate",
                "model evaluate --data D --views all",
                "model annotate --out N",
                "model annotate --out N --note licence",
                "fit --embeddings E --labels Y --classifier svm --preset flagship --out C",
                "bench",
                "bench inference --batch 0",
                "bench inference --precision float64",
                "bench training --batch-size 13",
                "bench training --loss softmax",
                "bench training --seconds 0",
                "model export --model m --out o --format tflite",
                "bench mining --n 7",
                "bench mining --d 0",
                "bench mining --n 16,x",
                "bench mining --miner distances",
                "bench mining --miner hardest",
                "bench mining --data noise",
                "bench mining --seconds 0",
                "bench mining --plot roofline.pdf",
                "bench distances --distance l2",
                "bench distances --miner batch-hard"
            })
    void wrongUsageIsOneLineAndCode2(String arguments) {
        Object[] words = arguments.isEmpty() ? new Object[0] : arguments.split(" ");
        Mien.Outcome outcome = Mien.run(words);
        assertEquals(2, outcome.code(), outcome::toString);
        assertEquals("", outcome.out());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(outcome.err().startsWith("mien: "), outcome.err());
        assertTrue(outcome.err().contains("--help"), outcome.err());
    }

    @Test
    void anUnknownWordListsTheKnownOnes() {
        String err = Mien.run("distances", "--a", "A", "--out", "D", "--distance", "l2")
                .err();
        assertTrue(err.contains("'l2' is not one of euclidean, squared-euclidean, manhattan, cosine"), err);
    }

    @Test
    void aMistypedCommandIsRecognised() {
        String err = Mien.run("trian").err();
        assertTrue(err.contains("did you mean train?"), err);
    }

    @Test
    void globalOptionsStandBeforeOrAfterTheCommand() {
        List<String> before =
                Mien.run("--json", "--threads", "1", "info").out().lines().toList();
        List<String> after =
                Mien.run("info", "--threads", "1", "--json").out().lines().toList();
        assertEquals(before, after);
        assertTrue(before.contains("  \"kernel_threads\" : 1,"), before.toString());
    }

    @Test
    void infoSaysWhatThereIsOfCuda() {
        String out = Mien.run("info").out();
        assertTrue(out.lines().anyMatch(line -> line.matches("cuda +(not seen|seen, .+)")), out);
        String kernels = NativeRuntime.hasCuda() ? "libmien_cuda " + MienVersion.get() : "none: .+";
        assertTrue(out.lines().anyMatch(line -> line.matches("cuda kernels +" + kernels)), out);
    }

    @Test
    void versionIsPrinted() {
        Mien.Outcome outcome = Mien.run("--version");
        assertEquals(0, outcome.code());
        assertTrue(outcome.out().matches("mien \\d+\\.\\d+\\.\\d+\\S*\\R"), outcome.out());
    }
}
