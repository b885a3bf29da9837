package dev.mien.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.data.Dataset;
import dev.mien.data.SchematicFaces;
import dev.mien.evaluation.StudyResults;
import dev.mien.training.LossKind;
import dev.mien.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TripletStudyTest {

    private static final Dataset FACES = SchematicFaces.generate(250, 5);

    @TempDir
    Path folder;

    private StudyResults run(List<String> tasks, String... variants) throws IOException {
        TripletStudy.Options options = new TripletStudy.Options(List.of(1L), 1, List.of(variants), "cpu", 2);
        return new TripletStudy(FACES, options, folder, (task, done, total) -> tasks.add(task), message -> {}).run();
    }

    @Test
    void computesWhatIsMissingAndKeepsTheRest() throws IOException {
        List<String> tasks = new ArrayList<>();
        StudyResults first = run(tasks, "cross-entropy", "triplet");
        assertTrue(tasks.contains("train triplet"));
        assertEquals(6, first.runs().get(0).predictions().size(), "five classifiers and the head");
        assertEquals(5, first.runs().get(1).predictions().size(), "no head was trained");
        assertTrue(first.runs().get(1).activeFraction() > 0);
        assertTrue(Files.readString(folder.resolve("study.md")).contains("### Verdict"));

        tasks.clear();
        StudyResults second = run(tasks, "cross-entropy", "triplet", "joint-0.3");
        assertTrue(tasks.contains("train joint"));
        assertFalse(tasks.contains("train triplet"), "kept");
        assertFalse(tasks.contains("train cross-entropy"), "kept, and the base model, too");
        assertEquals(first.runs(), second.runs().subList(0, 2));

        // Another base model: nothing that came of the old one may be kept, nor that one itself.
        TripletStudy.Options longer = new TripletStudy.Options(List.of(1L), 2, List.of("triplet"), "cpu", 2);
        StudyResults third = new TripletStudy(FACES, longer, folder, (task, done, total) -> {}, message -> {}).run();
        assertNotEquals(first.runs().get(1).key(), third.runs().get(0).key());
    }

    @Test
    void variantsDifferAndSpendTheSameBudget() {
        List<StudyVariant> all = StudyVariant.all(228, 10);
        Set<String> names = new HashSet<>();
        Set<String> recipes = new HashSet<>();
        for (StudyVariant variant : all) {
            TrainingSettings s = variant.settings();
            assertTrue(names.add(variant.name()), variant.name());
            assertTrue(recipes.add(s.toString() + variant.keepsConflicts()), variant.name());
            assertEquals(variant.fromScratch() ? 11 : 1, s.epochs(), variant.name());
            assertEquals(228, s.stepsPerEpoch(), variant.name());
            assertEquals(s.loss() != LossKind.TRIPLET, s.loss().trainsHead());
        }
        assertEquals(StudyVariant.CONTROL, all.get(0).name(), "the first is what the others are compared with");
    }

    @Test
    void namesAnUnknownVariant() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> new TripletStudy.Options(List.of(1L), 1, List.of("quadruplet"), "cpu", 1));
        assertTrue(e.getMessage().startsWith("unknown variant 'quadruplet'; expected some of cross-entropy,"));
    }
}
