package dev.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mien.data.Expression;
import dev.mien.recognition.TestPictures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path model;
    private Path two;
    private Path none;
    private Path broken;

    @BeforeEach
    void writeFiles() throws IOException {
        model = TestPictures.model(folder.resolve("M.safetensors"));
        Path photos = Files.createDirectories(folder.resolve("photos/below"));
        two = photos.resolve("two, both.png");
        ImageIO.write(TestPictures.twoFaces(), "png", two.toFile());
        none = photos.getParent().resolve("none.JPG");
        ImageIO.write(new BufferedImage(90, 60, BufferedImage.TYPE_3BYTE_BGR), "jpg", none.toFile());
        broken = photos.getParent().resolve("broken.gif");
        Files.writeString(broken, "GIF89a");
        Files.writeString(photos.resolve("notes.txt"), "no picture");
        Files.writeString(photos.resolve(".hidden.png"), "no picture");
    }

    private Mien.Outcome predict(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("predict", "--model", model));
        all.addAll(List.of(arguments));
        return Mien.run(all.toArray());
    }

    private static List<JsonNode> lines(Mien.Outcome outcome) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : outcome.out().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static List<String> fields(JsonNode node) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> i = node.fieldNames(); i.hasNext(); ) {
            names.add(i.next());
        }
        return names;
    }

    @Test
    void jsonLinesHaveTheirSchema() throws IOException {
        Mien.Outcome outcome = predict("--format", "jsonl", two, none, broken);
        assertEquals(1, outcome.code(), outcome::toString);
        List<JsonNode> lines = lines(outcome);
        assertEquals(3, lines.size());
        JsonNode found = lines.get(0);
        assertEquals(List.of("file", "faces"), fields(found));
        assertEquals(two.toString(), found.get("file").asText());
        assertEquals(2, found.get("faces").size());
        for (JsonNode face : found.get("faces")) {
            assertEquals(List.of("box", "score", "label", "probabilities"), fields(face));
            assertEquals(4, face.get("box").size());
            assertTrue(face.get("box").get(2).isInt() && face.get("score").asDouble() > 0);
            assertEquals(
                    Stream.of(Expression.values()).map(Expression::word).toList(), fields(face.get("probabilities")));
            double sum = 0;
            for (JsonNode probability : face.get("probabilities")) {
                sum += probability.asDouble();
            }
            assertEquals(1, sum, 1e-5);
        }
        assertEquals(List.of("file", "faces", "reason"), fields(lines.get(1)));
        assertEquals(0, lines.get(1).get("faces").size());
        assertEquals("no face found", lines.get(1).get("reason").asText());
        assertTrue(lines.get(2).get("reason").asText().startsWith(broken + ": broken image ("), outcome::toString);
        assertEquals(outcome.out(), predict("--json", two, none, broken).out());
    }

    @Test
    void unreadableFilesAreNamedAtTheEnd() throws IOException {
        Path absent = folder.resolve("absent.png");
        Mien.Outcome outcome = predict(broken, two, absent);
        assertEquals(1, outcome.code(), outcome::toString);
        List<String> err = outcome.err().lines().toList();
        assertEquals(3, err.size(), outcome::toString);
        assertTrue(err.get(0).startsWith("mien: " + broken + ": broken image ("), outcome::toString);
        assertEquals("mien: " + absent + ": no such file or folder", err.get(1));
        assertEquals("mien: 2 of 3 files could not be read", err.get(2));
        assertTrue(outcome.out().contains("two, both.png"), outcome::toString);
        Mien.Outcome alone = predict(absent);
        assertEquals(1, alone.code());
        assertEquals("mien: " + absent + ": no such file or folder\n", alone.err());
        assertEquals(0, predict(none).code(), "a picture without a face is no failure");
    }

    @Test
    void theTableFitsATerminal() {
        Mien.Outcome outcome = predict(two, none, broken);
        List<String> lines = outcome.out().lines().toList();
        assertEquals(5, lines.size(), outcome::toString);
        lines.forEach(line -> assertTrue(line.length() <= 80, line));
        assertTrue(lines.get(0).startsWith("file"), outcome::toString);
        assertTrue(lines.get(1)
                .matches("\\.\\.\\..*two, both\\.png  +\\d+,\\d+ \\d+x\\d+ +0\\.\\d\\d  [a-z]+ +\\d+\\.\\d"));
        assertTrue(lines.get(3).endsWith("no face found"), outcome::toString);
        assertTrue(lines.get(4).endsWith("cannot be read"), outcome::toString);
    }

    @Test
    void csvHasARowForEachFace() {
        Mien.Outcome outcome = predict("--format", "csv", two, none, broken);
        List<String> lines = outcome.out().lines().toList();
        assertEquals(5, lines.size(), outcome::toString);
        assertEquals(
                "file,x,y,width,height,score,label,angry,disgust,fear,happy,neutral,sad,surprise,reason", lines.get(0));
        assertTrue(lines.get(1).startsWith("\"" + two + "\","), outcome::toString);
        for (String line : lines) {
            long commas = line.replaceAll("\"[^\"]*\"", "")
                    .chars()
                    .filter(c -> c == ',')
                    .count();
            assertEquals(14, commas, line);
        }
    }

    @Test
    void foldersPatternsAndListsNameFiles() throws IOException {
        Path photos = folder.resolve("photos");
        List<String> expected = List.of(two.toString(), broken.toString(), none.toString());
        assertEquals(expected, files(predict("--format", "jsonl", photos)));
        assertEquals(List.of(none.toString()), files(predict("--format", "jsonl", folder.resolve("photos/n*.JPG"))));
        assertEquals(
                List.of(two.toString()),
                files(predict("--format", "jsonl", folder.resolve("photos/**/*.png"))).stream()
                        .filter(name -> !name.contains("hidden"))
                        .toList());
        InputStream stdin = System.in;
        try {
            String list = two + "\n\n" + photos + "\n";
            System.setIn(new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8)));
            List<String> all = new ArrayList<>(List.of(two.toString()));
            all.addAll(expected);
            assertEquals(all, files(predict("--format", "jsonl", "-")));
        } finally {
            System.setIn(stdin);
        }
        Mien.Outcome empty = predict(Files.createDirectory(folder.resolve("empty")));
        assertEquals(1, empty.code());
        assertTrue(empty.err().startsWith("mien: no picture found in "), empty::toString);
    }

    private static List<String> files(Mien.Outcome outcome) throws IOException {
        return lines(outcome).stream().map(line -> line.get("file").asText()).toList();
    }

    @Test
    void givenFacesAreNotLookedFor() throws IOException {
        List<JsonNode> lines = lines(predict("--faces", "given", "--format", "jsonl", two, none));
        assertEquals(
                "[0,0,400,300]", lines.get(0).get("faces").get(0).get("box").toString());
        assertEquals("[0,0,90,60]", lines.get(1).get("faces").get(0).get("box").toString());
    }

    @Test
    void annotatedPicturesShowTheFaces() throws IOException {
        Path out = folder.resolve("annotated");
        Mien.Outcome outcome = predict("--annotate", out, two, none);
        assertEquals(0, outcome.code(), outcome::toString);
        BufferedImage before = ImageIO.read(two.toFile());
        BufferedImage after = ImageIO.read(out.resolve(Path.of("/").relativize(two))
                .resolveSibling("two, both.png.png")
                .toFile());
        assertEquals(before.getWidth(), after.getWidth());
        int changed = 0;
        for (int i = 0; i < 400 * 300; i++) {
            int rgb = after.getRGB(i % 400, i / 400);
            boolean grey = (rgb & 0xFF) == (rgb >> 8 & 0xFF);
            changed += grey ? 0 : 1;
        }
        assertTrue(changed > 500 && changed < 400 * 300 / 4, changed + " coloured pixels");
        assertTrue(Files.exists(out.resolve(Path.of("/").relativize(none)).resolveSibling("none.JPG.png")));
    }

    @Test
    void largerPicturesThanAllowedAreRefused() throws IOException {
        Path large = folder.resolve("large.png");
        ImageIO.write(new BufferedImage(1100, 1000, BufferedImage.TYPE_BYTE_BINARY), "png", large.toFile());
        Mien.Outcome outcome = predict("--max-megapixels", "1", large);
        assertEquals(1, outcome.code());
        assertEquals(
                "mien: " + large + ": 1100 x 1000 pixels, more than the 1000000 that are allowed\n", outcome.err());
        assertEquals(0, predict("--max-megapixels", "2", large).code());
    }

    @Test
    void anUnusableModelIsOneSentence() throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong.safetensors"), "no model");
        Mien.Outcome outcome = Mien.run("predict", "--model", wrong, two);
        assertEquals(1, outcome.code());
        assertEquals(1, outcome.err().lines().count(), outcome::toString);
        assertTrue(outcome.err().startsWith("mien: " + wrong), outcome::toString);
        assertFalse(outcome.out().contains("file"), "a table without a model");
        assertNotEquals(
                0, Mien.run("predict", "--model", folder.resolve("absent"), two).code());
    }
}
