package dev.mien.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {

    private static final int AREA = FaceImages.SIDE * FaceImages.SIDE;

    @TempDir
    Path folder;

    @Test
    void realArchiveHasTheKnownCounts() throws IOException {
        Dataset data = RealData.dataset();
        assertEquals("FER2013", data.name());
        assertArrayEquals(
                new int[] {3995, 436, 4097, 7215, 4965, 4830, 3171},
                data.train().countsPerClass());
        assertArrayEquals(
                new int[] {467, 56, 496, 895, 607, 653, 415}, data.validation().countsPerClass());
        assertArrayEquals(
                new int[] {491, 55, 528, 879, 626, 594, 416}, data.test().countsPerClass());
        assertTrue(data.train().names().get(0).startsWith("train/angry/Training_"));
        assertTrue(data.test().names().stream().allMatch(name -> name.contains("/PrivateTest_")));
    }

    @Test
    void zipInAnyOrderAndFolderAreIdenticalAndGreyLevelsExact() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Map.Entry<String, byte[]>> entries = new ArrayList<>();
        String[] prefixes = {"train/%s/Training_%d.png", "test/%s/PublicTest_%d.png", "test/%s/PrivateTest_%d.png"};
        byte[] last = new byte[AREA];
        for (Expression expression : Expression.values()) {
            for (String prefix : prefixes) {
                random.nextBytes(last);
                String name = prefix.formatted(expression.word(), random.nextInt(1_000_000));
                entries.add(Map.entry(name, TestFaces.png(48, 48, last)));
            }
        }
        Collections.shuffle(entries, random);
        entries.add(Map.entry("readme.txt", new byte[] {1}));
        entries.add(Map.entry("__MACOSX/train/happy/._Training_1.png", new byte[] {1}));
        Path zip = folder.resolve("faces.zip");
        TestFaces.zip(zip, entries);
        Path tree = folder.resolve("faces");
        for (Map.Entry<String, byte[]> entry : entries) {
            Path file = tree.resolve(entry.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue());
        }
        Dataset fromZip = Datasets.open(zip.toString(), 0);
        Dataset fromFolder = Datasets.open(tree.toString(), 0);
        for (Split split : Split.values()) {
            FaceImages a = fromZip.split(split);
            FaceImages b = fromFolder.split(split);
            assertEquals(7, a.size());
            assertEquals(a.names(), b.names(), "seed " + seed);
            assertArrayEquals(a.pixels(), b.pixels(), "seed " + seed);
            assertArrayEquals(IntStream.range(0, 7).toArray(), a.labels());
        }
        assertEquals("faces.zip", fromZip.name(), "only the complete set is called FER2013");
        byte[] surprise = fromZip.test().select(new int[] {6}).pixels();
        assertArrayEquals(last, surprise, "grey levels must not pass through colour management, seed " + seed);
    }

    @Test
    void colourImagesBecomeLuma() throws IOException {
        BufferedImage image = new BufferedImage(48, 48, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0xFF0000);
        image.setRGB(1, 0, 0x00FF00);
        image.setRGB(2, 0, 0x0000FF);
        image.setRGB(3, 0, 0x808080);
        byte[] target = new byte[AREA];
        new FaceDecoder().decode("x", TestFaces.encode(image, "png"), target, 0);
        assertArrayEquals(new byte[] {76, (byte) 150, 29, (byte) 128, 0}, Arrays.copyOf(target, 5));
    }

    @Test
    void brokenArchivesGetOneSentence() throws IOException {
        byte[] good = TestFaces.png(48, 48, new byte[AREA]);
        refused(archive("train/bored/Training_1.png", good), "bored");
        refused(archive("train/happy/Training_1.png", TestFaces.png(47, 48, new byte[47 * 48])), "47x48");
        refused(archive("train/happy/Training_1.png", Arrays.copyOf(good, good.length / 2)), "unreadable");
        refused(archive("train/happy/Training_1.jpg", new byte[0]), "empty file");
        refused(archive("train/happy/Training_1.jpg", "GIF89a".getBytes()), "neither JPEG nor PNG");
        refused(archive("train/happy/Training_1.jpg", new byte[1 << 26]), "more than 262144 bytes");
        refused(archive("other/happy/image_1.png", good), "no split");
        Path none = folder.resolve("none.zip");
        TestFaces.zip(none, List.of(Map.entry("readme.txt", new byte[3])));
        assertMessage(
                assertThrows(IllegalArgumentException.class, () -> Datasets.open(none.toString(), 0)),
                "no image found");
    }

    @Test
    void truncatedJpegIsRefused() throws IOException {
        BufferedImage noise = new BufferedImage(48, 48, BufferedImage.TYPE_BYTE_GRAY);
        Random random = new Random(1);
        IntStream.range(0, AREA).forEach(i -> noise.getRaster().setSample(i % 48, i / 48, 0, random.nextInt(256)));
        byte[] jpeg = TestFaces.encode(noise, "jpg");
        new FaceDecoder().decode("whole", jpeg, new byte[AREA], 0);
        refused(archive("train/happy/Training_1.jpg", Arrays.copyOf(jpeg, jpeg.length * 2 / 3)), "unreadable");
    }

    @Test
    void truncatedAndDamagedZipsAreRefused() throws IOException {
        Path zip = archive("train/happy/Training_1.png", TestFaces.png(48, 48, new byte[AREA]));
        byte[] whole = Files.readAllBytes(zip);
        for (int length : new int[] {0, 1, 30, whole.length / 2, whole.length - 1}) {
            Path cut = folder.resolve("cut.zip");
            Files.write(cut, Arrays.copyOf(whole, length));
            assertMessage(assertThrows(IOException.class, () -> Datasets.open(cut.toString(), 0)), "cut.zip");
        }
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x55;
            Path file = folder.resolve("damaged.zip");
            Files.write(file, damaged);
            try {
                Datasets.open(file.toString(), 0);
            } catch (IOException | IllegalArgumentException e) {
                assertMessage(e, "damaged.zip");
            }
        }
    }

    @Test
    void csvColumnsGoByTrimmedNameInAnyOrder() throws IOException {
        String pixels =
                IntStream.range(0, AREA).mapToObj(i -> String.valueOf(i % 256)).collect(Collectors.joining(" "));
        Dataset plain = csv("emotion,pixels,Usage\n3," + pixels + ",Training\n6," + pixels + ",PublicTest\n4," + pixels
                + ",PrivateTest\n");
        Dataset icml = csv("emotion, Usage, pixels\r\n3,Training," + pixels + "\r\n6, PublicTest, " + pixels
                + "\r\n4,PrivateTest,\"" + pixels + "\"");
        for (Split split : Split.values()) {
            assertArrayEquals(plain.split(split).pixels(), icml.split(split).pixels());
            assertArrayEquals(plain.split(split).labels(), icml.split(split).labels());
        }
        assertEquals(Expression.HAPPY.ordinal(), plain.train().labels()[0]);
        assertEquals(Expression.NEUTRAL.ordinal(), plain.validation().labels()[0]);
        assertEquals(Expression.SAD.ordinal(), plain.test().labels()[0]);
        assertEquals((byte) 255, plain.train().pixels()[255]);
    }

    @Test
    void brokenCsvRowsAreNamed() {
        String good = "0,0" + " 7".repeat(AREA - 1) + ",Training\n";
        csvRefused("emotion,pixels,Usage\n" + good + good.replaceFirst(" 7", ""), "row 2 (line 3)", "2303 pixels");
        csvRefused("emotion,pixels,Usage\n" + good.replaceFirst(" 7", " 7 7"), "row 1", "2305 pixels");
        csvRefused("emotion,pixels,Usage\n" + good.replaceFirst(" 7", " 256"), "row 1", "outside 0..255");
        csvRefused("emotion,pixels,Usage\n" + good.replaceFirst(" 7", " -1"), "row 1", "outside 0..255");
        csvRefused("emotion,pixels,Usage\n" + good.replaceFirst(" 7", " x"), "row 1", "no number");
        csvRefused("emotion,pixels,Usage\n7" + good.substring(1), "row 1", "unknown emotion code 7");
        csvRefused("emotion,pixels,Usage\nhappy" + good.substring(1), "row 1", "'happy'");
        csvRefused("emotion,pixels,Usage\n" + good.replace("Training", "Exam"), "row 1", "unknown Usage 'Exam'");
        csvRefused("emotion,pixels,Usage\n" + good + "3,1 2 3", "row 2", "only 2 columns");
        csvRefused("emotion,pixels\n" + good, "missing column 'Usage'");
        csvRefused("emotion,pixels,Usage\n", "no image found");
        csvRefused("", "empty file");
        csvRefused("emotion,pixels,Usage\n" + "1 ".repeat(100_000), "line 2", "longer than");
    }

    @Test
    void unknownSourcesAreNamed() throws IOException {
        assertMessage(
                assertThrows(NoSuchFileException.class, () -> Datasets.open("/nowhere/archive.zip", 0)),
                "/nowhere/archive.zip");
        assertMessage(assertThrows(IllegalArgumentException.class, () -> Datasets.open("schematic:many", 0)), "many");
        assertMessage(assertThrows(IllegalArgumentException.class, () -> Datasets.open("schematic:3", 0)), "3");
        Path text = Files.writeString(folder.resolve("faces.txt"), "hello");
        assertMessage(
                assertThrows(IllegalArgumentException.class, () -> Datasets.open(text.toString(), 0)), "faces.txt");
    }

    @Test
    void limitedKeepsClassProportions() {
        Dataset data = SchematicFaces.generate(2000, 5);
        Dataset small = data.limited(300, 1);
        assertEquals(300, small.train().size());
        assertEquals(200, small.validation().size());
        int[] all = data.train().countsPerClass();
        int[] few = small.train().countsPerClass();
        for (int label = 0; label < Expression.COUNT; label++) {
            assertEquals(all[label] * 300.0 / 1600, few[label], 1.0);
        }
        assertArrayEquals(small.train().pixels(), data.limited(300, 1).train().pixels());
        assertThrows(IllegalArgumentException.class, () -> data.limited(0, 1));
    }

    private Path archive(String name, byte[] content) throws IOException {
        Path zip = folder.resolve("archive.zip");
        TestFaces.zip(zip, List.of(Map.entry(name, content)));
        return zip;
    }

    private static void refused(Path zip, String expected) {
        Exception e = assertThrows(Exception.class, () -> Datasets.open(zip.toString(), 0));
        assertTrue(e instanceof IOException || e instanceof IllegalArgumentException, e.toString());
        assertMessage(e, expected);
        assertMessage(e, "archive.zip, ");
    }

    private Dataset csv(String text) throws IOException {
        return Datasets.open(
                Files.writeString(folder.resolve("fer2013.csv"), text).toString(), 0);
    }

    private void csvRefused(String text, String... expected) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> csv(text));
        Arrays.stream(expected).forEach(part -> assertMessage(e, part));
        assertMessage(e, "fer2013.csv");
    }

    private static void assertMessage(Exception e, String part) {
        assertTrue(e.getMessage() != null && e.getMessage().contains(part), e + " does not say '" + part + "'");
        assertTrue(!e.getMessage().contains("\n"), "more than one line: " + e.getMessage());
    }
}
