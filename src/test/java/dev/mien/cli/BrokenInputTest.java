package dev.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mien.data.FloatMatrix;
import dev.mien.data.Npy;
import dev.mien.training.Devices;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with the input: one sentence that names it, exit code 1, and no file that was not there before. */
class BrokenInputTest {

    @TempDir
    Path folder;

    private Path embeddings;
    private Path labels;

    @BeforeEach
    void writeGoodArrays() throws IOException {
        embeddings = NpyBytes.floats(folder.resolve("E.npy"), 4, 2, 0, 0, 1, 0, 5, 5, 6, 5);
        labels = NpyBytes.longs(folder.resolve("Y.npy"), 0, 0, 1, 1);
    }

    @Test
    void aTruncatedZip() throws IOException {
        byte[] whole = zip(48);
        for (int length : new int[] {0, 10, whole.length / 2, whole.length - 1}) {
            Path zip = Files.write(folder.resolve("cut.zip"), Arrays.copyOf(whole, length));
            assertFails("cut.zip", "train", "--data", zip, "--out", at("m.safetensors"));
        }
    }

    @Test
    void aPrecisionThatTheDeviceLacks() {
        assertFails(
                "tf32 needs an NVIDIA GPU",
                "train",
                "--data",
                "absent.zip",
                "--precision",
                "tf32",
                "--device",
                "cpu",
                "--out",
                at("m.safetensors"));
    }

    @Test
    void aGpuThatIsNotThere() throws IOException {
        assumeTrue(Devices.resolve("auto").equals("cpu"), "there is a GPU");
        Path x = folder.resolve("x.npy");
        Npy.write(x, new FloatMatrix(new float[] {0, 1, 4, 9}, 4, 1));
        Path y = folder.resolve("y.npy");
        Npy.write(y, new long[] {0, 0, 1, 1});
        String reason = "--device cuda needs an NVIDIA GPU";
        assertFails(reason, "distances", "--a", x, "--distance", "cosine", "--device", "cuda", "--out", at("d.npy"));
        assertFails(
                reason,
                "mine",
                "--embeddings",
                x,
                "--labels",
                y,
                "--miner",
                "batch-hard",
                "--device",
                "cuda",
                "--out",
                at("t.npy"));
    }

    @Test
    void aJpegOfAnotherSize() throws IOException {
        Path zip = Files.write(folder.resolve("small.zip"), zip(32));
        assertFails("32x32", "train", "--data", zip, "--out", at("m.safetensors"));
    }

    @Test
    void aCsvRowThatIsTooShort() throws IOException {
        assertFails("2303", "data", "inspect", csv("0", 2303, "Training"));
    }

    @Test
    void anUnknownEmotion() throws IOException {
        assertFails("9", "data", "inspect", csv("9", 2304, "Training"));
    }

    @Test
    void anUnknownLabel() throws IOException {
        NpyBytes.longs(labels, 0, 0, 1, 7);
        assertFails("unknown label 7 in row 3", fit());
    }

    @Test
    void labelsAndEmbeddingsOfDifferentLengths() throws IOException {
        NpyBytes.longs(labels, 0, 0, 1);
        assertFails("has 3 labels", mine());
        assertFails("has 3 labels", fit());
    }

    @Test
    void aRowThatIsNotFinite() throws IOException {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            NpyBytes.floats(embeddings, 4, 2, 0, 0, 1, 0, 5, value, 6, 5);
            assertFails("row 2 is not finite", mine());
            assertFails("row 2 is not finite", fit());
            assertFails(
                    "row 2 is not finite",
                    "distances",
                    "--a",
                    embeddings,
                    "--distance",
                    "cosine",
                    "--out",
                    at("D.npy"));
        }
    }

    @Test
    void arraysOfAnotherKind() throws IOException {
        assertFails("Y.npy", mine(labels, labels));
        assertFails("E.npy", mine(embeddings, embeddings));
        NpyBytes.write(embeddings, "<f4", "(1099511627776, 2)", new byte[32]);
        assertFails("E.npy", mine());
        NpyBytes.write(embeddings, "<f4", "(4, 2)", new byte[31]);
        assertFails("E.npy", mine());
        Files.write(embeddings, new byte[] {1, 2, 3});
        assertFails("E.npy", mine());
        Files.delete(embeddings);
        assertFails("E.npy: no such file", mine());
    }

    @Test
    void matricesOfDifferentWidths() throws IOException {
        Path wide = NpyBytes.floats(folder.resolve("W.npy"), 1, 3, 1, 2, 3);
        assertFails("3", "distances", "--a", embeddings, "--b", wide, "--distance", "euclidean", "--out", at("D.npy"));
    }

    @Test
    void aHostilePickle() throws IOException {
        Path mark = folder.resolve("executed");
        String pickle = "cposix\nsystem\n(S'touch " + mark + "'\ntR.";
        Path pth = Files.write(folder.resolve("evil.pth"), concat(new byte[] {(byte) 0x80, 2}, bytes(pickle)));
        assertFails(
                "evil.pth", "model", "import", "--weights", pth, "--backbone", "compact", "--out", at("m.safetensors"));
        assertFails("evil.pth", "train", "--data", "schematic:70", "--weights", pth, "--out", at("m.safetensors"));
        assertFalse(Files.exists(mark));
    }

    @Test
    void aSafetensorsHeaderThatClaimsTheMoon() throws IOException {
        ByteBuffer claim = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 60);
        Path file = Files.write(folder.resolve("moon.safetensors"), concat(claim.array(), bytes("{\"a\":{}}")));
        assertFails("moon.safetensors", "model", "inspect", "--model", file);
        assertFails(
                "moon.safetensors",
                "embed",
                "--model",
                file,
                "--data",
                "schematic:70",
                "--split",
                "test",
                "--out",
                at("e"));
    }

    @Test
    void aModelThatIsNotThere() {
        Mien.Outcome outcome = Mien.run("model", "inspect", "--model", at("absent"));
        assertEquals("mien: " + at("absent") + ": no such file\n", outcome.err());
    }

    @Test
    void weightsOfAnotherBackbone() throws IOException {
        Path model = at("compact.safetensors");
        assertEquals(
                0,
                Mien.run("train", "--data", "schematic:70", "--out", model, "--epochs", "1")
                        .code());
        assertFails(
                "does not fit vgg19",
                "model",
                "import",
                "--weights",
                model,
                "--backbone",
                "vgg19",
                "--out",
                at("v.safetensors"));
    }

    @Test
    void aFileThatIsNoClassifier() {
        assertFails("Y.npy", "evaluate", "--classifier", labels, "--embeddings", embeddings, "--labels", labels);
    }

    @Test
    void aFolderThatCannotBe() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path below = file.resolve("below");
        assertFails("is not a folder", "train", "--data", "schematic:70", "--out", below);
        assertFails("is not a folder", "experiment", "--data", "schematic:70", "--out", below);
        assertFails(
                "is not a folder",
                "mine",
                "--embeddings",
                embeddings,
                "--labels",
                labels,
                "--miner",
                "random",
                "--out",
                below);
        assertFails("is not a folder", "distances", "--a", embeddings, "--distance", "cosine", "--out", below);
        assertFails("is not a folder", "data", "synthesize", "--n", "70", "--out", below.resolve("f.csv"));
        assertFails("is a folder", "distances", "--a", embeddings, "--distance", "cosine", "--out", folder);
        assertFails("not a regular file", "distances", "--a", embeddings, "--distance", "cosine", "--out", "/dev/full");
    }

    @Test
    void aFullDisk() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString()) == 0,
                "mounting a small tmpfs is not permitted here");
        try {
            float[] values = new float[40_000];
            NpyBytes.floats(embeddings, 200, 200, values);
            Path out = disk.resolve("D.npy");
            assertFails("D.npy", "distances", "--a", embeddings, "--distance", "euclidean", "--out", out);
            assertFails("f.csv", "data", "synthesize", "--n", "70", "--out", disk.resolve("f.csv"));
            assertFails("faces", "data", "synthesize", "--n", "700", "--out", disk.resolve("faces"));
            assertFails(
                    "m.", "train", "--data", "schematic:70", "--epochs", "1", "--out", disk.resolve("m.safetensors"));
        } finally {
            assertEquals(0, run("umount", disk.toString()));
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private Object[] mine() {
        return mine(embeddings, labels);
    }

    private Object[] mine(Path of, Path under) {
        return new Object[] {
            "mine", "--embeddings", of, "--labels", under, "--miner", "batch-hard", "--out", at("T.npy")
        };
    }

    private Object[] fit() {
        return new Object[] {
            "fit", "--embeddings", embeddings, "--labels", labels, "--classifier", "softmax", "--out", at("C")
        };
    }

    private Path at(String name) {
        return folder.resolve(name);
    }

    private void assertFails(String named, Object... arguments) {
        List<Path> before = files();
        Mien.Outcome outcome = Mien.run(arguments);
        assertEquals(1, outcome.code(), outcome::toString);
        assertEquals("", outcome.out());
        assertEquals(1, outcome.err().lines().count(), outcome::toString);
        assertTrue(outcome.err().startsWith("mien: ") && outcome.err().contains(named), outcome::toString);
        assertFalse(outcome.err().contains("internal error"), outcome::toString);
        assertEquals(before, files(), outcome::toString);
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path csv(String emotion, int pixels, String usage) throws IOException {
        String row = emotion + "," + String.join(" ", Collections.nCopies(pixels, "7")) + "," + usage;
        return Files.writeString(folder.resolve("f.csv"), "emotion,pixels,Usage\n" + row + "\n");
    }

    private static byte[] zip(int side) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : List.of(
                    "train/happy/Training_1.jpg",
                    "train/sad/Training_2.jpg",
                    "test/happy/PublicTest_3.jpg",
                    "test/sad/PrivateTest_4.jpg")) {
                zip.putNextEntry(new ZipEntry(name));
                ImageIO.write(new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY), "jpg", zip);
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
