package dev.mien.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.BackboneKind;
import dev.mien.data.Augmentation;
import dev.mien.data.FaceImages;
import dev.mien.data.FloatMatrix;
import dev.mien.data.SchematicFaces;
import dev.mien.data.ViewSet;
import dev.mien.internal.Progress;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class EmbedderTest {

    private static final FaceImages FACES = SchematicFaces.generate(180, 5).train(); // 144 faces: more than a batch
    private static final Augmentation QUICK =
            TrainingSettings.quick(LossKind.CROSS_ENTROPY).augmentation();
    private static final Backbone BACKBONE = BackboneKind.COMPACT.create(1);

    @AfterAll
    static void close() {
        BACKBONE.close();
    }

    private static FloatMatrix augmented(FaceImages faces, ViewSet views, Augmentation augmentation, long seed) {
        return Embedder.embedAugmented(BACKBONE, faces, views, augmentation, seed, false, Progress.NONE);
    }

    @Test
    void anAugmentationThatChangesNothingLeavesTheFeatures() {
        for (ViewSet views : new ViewSet[] {ViewSet.PLAIN, ViewSet.MIRRORED}) {
            assertArrayEquals(
                    Embedder.embed(BACKBONE, FACES, views, false, Progress.NONE).values(),
                    augmented(FACES, views, Augmentation.NONE, 1).values());
        }
    }

    @Test
    void theSeedDecidesTheChanges() {
        float[] rows = augmented(FACES, ViewSet.MIRRORED, QUICK, 1).values();
        assertArrayEquals(rows, augmented(FACES, ViewSet.MIRRORED, QUICK, 1).values());
        assertFalse(
                Arrays.equals(rows, augmented(FACES, ViewSet.MIRRORED, QUICK, 2).values()));
    }

    /** Also of one image that fills whole batches: the second batch is not changed like the first. */
    @Test
    void everyCopyIsChangedInItsOwnWay() {
        FaceImages copies = FACES.select(new int[] {3}).repeated(300);
        FloatMatrix rows = augmented(copies, ViewSet.PLAIN, QUICK, 1);
        assertEquals(
                300,
                IntStream.range(0, 300)
                        .mapToObj(row -> Arrays.toString(rows.row(row)))
                        .distinct()
                        .count());
    }

    @Test
    void repeatedImagesKeepLabelsAndNames() {
        FaceImages twice = FACES.repeated(2);
        assertEquals(2 * FACES.size(), twice.size());
        for (int row = 0; row < twice.size(); row++) {
            assertEquals(FACES.labels()[row % FACES.size()], twice.labels()[row]);
            assertEquals(FACES.names().get(row % FACES.size()), twice.names().get(row));
        }
        assertArrayEquals(
                FACES.pixels(), Arrays.copyOfRange(twice.pixels(), FACES.pixels().length, twice.pixels().length));
        assertThrows(IllegalArgumentException.class, () -> FACES.repeated(0));
        assertThrows(IllegalArgumentException.class, () -> FACES.repeated(1 << 30));
    }
}
