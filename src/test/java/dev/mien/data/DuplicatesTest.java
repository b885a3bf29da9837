package dev.mien.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DuplicatesTest {

    @Test
    void realArchiveHasTheKnownDuplicates() throws IOException {
        Dataset data = RealData.dataset();
        Duplicates duplicates = Duplicates.of(data);
        DataInspection found = DataInspection.of(data);
        assertEquals(35_887, found.images());
        assertEquals(34_034, found.distinct());
        assertEquals(1_516, found.duplicateGroups());
        assertEquals(3_369, found.duplicateImages());
        assertEquals(1_853, found.redundantImages());
        assertEquals(57, found.conflictingGroups());
        assertEquals(160, found.conflictingImages());
        assertEquals(57, found.conflicts().size());
        assertEquals(27_473, found.splits().get("train").distinct());
        assertEquals(3_563, found.splits().get("validation").distinct());
        assertEquals(3_572, found.splits().get("test").distinct());
        assertEquals(288, found.testInTrain());
        assertEquals(280, found.validationInTrain());
        assertEquals(44, found.testInValidation());
        assertEquals(314, found.testInTrainOrValidation());
        assertEquals(12, found.constantImages());
        assertEquals(11, found.splits().get("train").constant());
        assertEquals(1, found.splits().get("validation").constant());
        boolean[] twin = duplicates.hasTwin(Split.TEST, Split.TRAIN, Split.VALIDATION);
        assertEquals(
                3_275, IntStream.range(0, twin.length).filter(i -> !twin[i]).count());
        int kept = duplicates.rowsWithoutConflicts(Split.TRAIN).length;
        assertTrue(kept < 28_709 && kept >= 28_709 - 160, kept + " rows kept");
    }

    @Test
    void agreesWithAComparisonOfAllPairs() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int trial = 0; trial < 100; trial++) {
            // Eight pictures of two pixels, many of them constant or equal; labels often conflict.
            Dataset data = new Dataset("x", images(random, 12), images(random, 5), images(random, random.nextInt(6)));
            String where = "seed " + seed + " trial " + trial;
            Duplicates duplicates = Duplicates.of(data);
            for (Split of : Split.values()) {
                FaceImages a = data.split(of);
                assertEquals(
                        IntStream.range(0, a.size())
                                .mapToObj(i -> picture(a, i))
                                .distinct()
                                .count(),
                        duplicates.distinct(of),
                        where);
                for (Split among : Split.values()) {
                    boolean[] twin = duplicates.hasTwin(of, among);
                    for (int i = 0; i < a.size(); i++) {
                        assertEquals(twins(data, of, i, among).length > 0, twin[i], where);
                    }
                    assertArrayEquals(
                            IntStream.range(0, a.size()).filter(i -> !twin[i]).toArray(),
                            duplicates.rowsWithoutTwin(of, among),
                            where);
                }
                int[] kept = IntStream.range(0, a.size())
                        .filter(i ->
                                Arrays.stream(twins(data, of, i, of)).allMatch(j -> a.labels()[j] == a.labels()[i]))
                        .toArray();
                assertArrayEquals(kept, duplicates.rowsWithoutConflicts(of), where);
                assertArrayEquals(
                        IntStream.range(0, a.size())
                                .filter(i -> a.pixels()[2 * i] == a.pixels()[2 * i + 1])
                                .toArray(),
                        duplicates.constantRows(of),
                        where);
            }
        }
    }

    private static int[] twins(Dataset data, Split of, int row, Split among) {
        FaceImages b = data.split(among);
        return IntStream.range(0, b.size())
                .filter(j -> (of != among || j != row) && picture(b, j).equals(picture(data.split(of), row)))
                .toArray();
    }

    private static List<Byte> picture(FaceImages images, int row) {
        return List.of(images.pixels()[2 * row], images.pixels()[2 * row + 1]);
    }

    private static FaceImages images(Random random, int n) {
        byte[] pixels = new byte[2 * n];
        IntStream.range(0, 2 * n).forEach(i -> pixels[i] = (byte) (random.nextInt(4) - 2));
        int[] labels = IntStream.range(0, n).map(i -> random.nextInt(2)).toArray();
        return new FaceImages(
                pixels,
                1,
                2,
                labels,
                IntStream.range(0, n).mapToObj(i -> "image " + i).toList());
    }

    @Test
    void differentPicturesOfOneHashAreNotTwins() {
        // 31 * 1 + 0 and 31 * 0 + 31 hash alike.
        FaceImages train = new FaceImages(new byte[] {1, 0, 0, 31}, 1, 2, new int[] {0, 1}, List.of("a", "b"));
        FaceImages none = new FaceImages(new byte[0], 1, 2, new int[0], List.of());
        Duplicates duplicates = Duplicates.of(new Dataset("x", train, none, none));
        assertTrue(duplicates.groups().isEmpty());
        assertEquals(2, duplicates.distinct(Split.TRAIN));
    }

    @Test
    void tableFitsATerminalAndTheRecordIsJson() throws IOException {
        DataInspection found = DataInspection.of(SchematicFaces.generate(300, 2));
        for (String line : found.table().split("\n")) {
            assertTrue(line.length() <= 80, line);
        }
        for (Expression expression : Expression.values()) {
            assertTrue(found.table().contains("  " + expression.word()));
        }
        assertFalse(found.table().contains("null"));
        JsonNode json = new ObjectMapper().valueToTree(found);
        assertEquals(240, json.at("/splits/train/images").asInt());
        assertEquals(0, json.at("/conflictingGroups").asInt(-1));
        assertEquals(
                new TreeSet<>(List.of("train", "validation", "test")),
                new TreeSet<>(List.copyOf(found.splits().keySet())));
    }
}
