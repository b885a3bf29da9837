package dev.mien.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mien.recognition.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shows only in a process of its own: native noise, what is loaded, the environment, memory, a closed stdout. */
class ProcessTest {

    @TempDir
    Path folder;

    private Path embeddings;
    private Path labels;

    @BeforeEach
    void writeArrays() throws IOException {
        float[] values = new float[70 * 8];
        long[] classes = new long[70];
        Random random = new Random(3);
        for (int i = 0; i < values.length; i++) {
            classes[i / 8] = i / 8 % 7;
            values[i] = (float) random.nextGaussian() + classes[i / 8];
        }
        embeddings = NpyBytes.floats(folder.resolve("E.npy"), 70, 8, values);
        labels = NpyBytes.longs(folder.resolve("Y.npy"), classes);
    }

    @Test
    void nativeLibrariesAreSilent() throws Exception {
        Mien.Outcome fitted = Mien.spawn(
                List.of(),
                Map.of(),
                "fit",
                "--embeddings",
                embeddings,
                "--labels",
                labels,
                "--classifier",
                "xgboost",
                "--preset",
                "quick",
                "--out",
                folder.resolve("C"),
                "--json");
        assertEquals(0, fitted.code(), fitted::toString);
        assertEquals("", fitted.err());
        assertTrue(fitted.out().startsWith("{") && fitted.out().endsWith("}\n"), fitted.out());
    }

    @Test
    void openCvIsSilentToo() throws Exception {
        Path picture = folder.resolve("two.png");
        ImageIO.write(TestPictures.twoFaces(), "png", picture.toFile());
        Path model = TestPictures.model(folder.resolve("M.safetensors"));
        Mien.Outcome found = Mien.spawn(List.of(), Map.of(), "predict", "--model", model, "--format", "jsonl", picture);
        assertEquals(0, found.code(), found::toString);
        assertEquals("", found.err());
        assertEquals(1, found.out().lines().count(), found::toString);
        Path wrong = Files.writeString(folder.resolve("wrong.onnx"), "no network");
        Mien.Outcome refused = Mien.spawn(List.of(), Map.of(), "predict", "--model", model, "--yunet", wrong, picture);
        assertEquals("mien: " + wrong + ": not a YuNet network that OpenCV can use\n", refused.err());
    }

    @Test
    void miningAndDistancesLoadNeitherLibTorchNorOpenCv() throws Exception {
        assertBareKernels(
                "mine",
                "--embeddings",
                embeddings,
                "--labels",
                labels,
                "--miner",
                "batch-hard",
                "--out",
                folder.resolve("T.npy"));
        assertBareKernels(
                "retrieval", "--embeddings", embeddings, "--labels", labels, "--projection", folder.resolve("P.svg"));
        assertBareKernels("distances", "--a", embeddings, "--distance", "cosine", "--out", folder.resolve("D.npy"));
    }

    private void assertBareKernels(Object... arguments) throws Exception {
        Path loaded = folder.resolve("loaded.txt");
        Mien.Outcome outcome =
                Mien.spawn(List.of("-Xlog:library=info,class+load=info:file=" + loaded), Map.of(), arguments);
        assertEquals(0, outcome.code(), outcome::toString);
        assertEquals("", outcome.err());
        String log = Files.readString(loaded);
        assertTrue(log.contains("dev.mien.cli.Main"), "the log of classes is empty");
        assertFalse(log.contains("org.bytedeco.pytorch.global.torch "), "LibTorch's bindings were initialised");
        assertFalse(log.contains("libtorch"), "LibTorch was loaded");
        assertFalse(log.contains("opencv"), "OpenCV was loaded");
    }

    @Test
    void theEnvironmentChoosesTheKernels() throws Exception {
        Object[] distances = {
            "distances", "--a", embeddings, "--distance", "manhattan", "--out", folder.resolve("D.npy")
        };
        Mien.Outcome torch = Mien.spawn(List.of(), Map.of("MIEN_KERNELS", "torch"), distances);
        assertTrue(torch.code() == 0 && torch.out().contains("by torch"), torch::toString);
        Mien.Outcome nonsense = Mien.spawn(List.of(), Map.of("MIEN_KERNELS", "fast"), distances);
        assertEquals(1, nonsense.code(), nonsense::toString);
        assertEquals("mien: MIEN_KERNELS must be torch or native, not 'fast'\n", nonsense.err());
    }

    @Test
    void bothKernelsMineTheSameTriplets() throws Exception {
        for (String miner : List.of("batch-hard", "distance-weighted")) {
            Mien.Outcome over = mine(Map.of(), miner, "native.npy");
            assertTrue(over.out().contains("\"kernels\" : \"native ("), over::toString);
            Mien.Outcome torch = mine(Map.of("MIEN_KERNELS", "torch"), miner, "torch.npy");
            assertTrue(torch.out().contains("\"kernels\" : \"torch (mining in Java)\""), torch::toString);
            assertArrayEquals(
                    Files.readAllBytes(folder.resolve("native.npy")), Files.readAllBytes(folder.resolve("torch.npy")));
        }
    }

    private Mien.Outcome mine(Map<String, String> environment, String miner, String out) throws Exception {
        Mien.Outcome outcome = Mien.spawn(
                List.of(),
                environment,
                "mine",
                "--json",
                "--embeddings",
                embeddings,
                "--labels",
                labels,
                "--miner",
                miner,
                "--out",
                folder.resolve(out));
        assertEquals(0, outcome.code(), outcome::toString);
        return outcome;
    }

    @Test
    void outOfMemoryIsOneSentence() throws Exception {
        Mien.Outcome outcome = Mien.spawn(List.of("-Xmx16m"), Map.of(), "data", "inspect", "schematic:50000");
        assertEquals(1, outcome.code(), outcome::toString);
        assertEquals(1, outcome.err().lines().count(), outcome::toString);
        assertTrue(outcome.err().startsWith("mien: out of Java memory"), outcome::toString);
    }

    @Test
    void aStdoutThatCannotBeWrittenIsAFailure() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "there is no /dev/full here");
        Path err = folder.resolve("err.txt");
        assertEquals(1, Mien.spawn(full, err, List.of(), Map.of(), "info"));
        assertEquals("mien: standard output cannot be written\n", Files.readString(err));
    }
}
