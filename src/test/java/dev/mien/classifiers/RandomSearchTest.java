package dev.mien.classifiers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomSearchTest {

    private static final int CLASSES = 7;
    private static final SyntheticFeatures TRAIN = SyntheticFeatures.draw(300, 12, 4, 7);

    @Test
    void findsThePlantedCandidate() {
        SupportVectorMachine.Settings good = svm(2, 1.0 / 12);
        List<SupportVectorMachine.Settings> candidates = List.of(svm(1e-4, 1e-6), svm(1, 1e4), good, svm(1e-5, 100));
        RandomSearch search = new RandomSearch(5, 3, RandomSearch.Scoring.MACRO_F1, 1, 2, Progress.NONE, null);
        RandomSearch.Result result = search.run(candidates, TRAIN.features(), TRAIN.labels(), CLASSES);
        assertEquals(good, result.best().settings());
        assertEquals(12, result.fits());
        assertTrue(TRAIN.accuracy(result.classifier().predict(TRAIN.features())) > 0.9);
    }

    @Test
    void makesThePapersTwentyFiveFitsAndReportsEach() {
        List<Long> heard = new ArrayList<>();
        Progress progress = (task, done, total) -> {
            assertEquals(25, total);
            heard.add(done);
        };
        RandomSearch search = RandomSearch.of(3, 2, progress);
        RandomSearch.Result first =
                search.run(ClassifierKind.SVM, ClassifierPreset.QUICK, TRAIN.features(), TRAIN.labels(), CLASSES);
        assertEquals(25, first.fits());
        assertEquals(25, heard.size());
        for (int i = 0; i < 25; i++) {
            assertEquals(i + 1, heard.get(i));
        }
        heard.clear();
        RandomSearch.Result second =
                search.run(ClassifierKind.SVM, ClassifierPreset.QUICK, TRAIN.features(), TRAIN.labels(), CLASSES);
        assertEquals(first.best().settings(), second.best().settings());
        for (int i = 0; i < 5; i++) {
            assertEquals(
                    first.candidates().get(i).settings(),
                    second.candidates().get(i).settings());
            assertArrayEquals(
                    first.candidates().get(i).scores(),
                    second.candidates().get(i).scores());
            assertTrue(first.best().mean() >= first.candidates().get(i).mean());
        }
    }

    @Test
    void goesOnFromTheFitsInItsLog(@TempDir Path folder) throws IOException {
        Path log = folder.resolve("svm.search.json");
        RuntimeException kill = new RuntimeException("killed");
        Progress killer = (task, done, total) -> {
            if (done == 3) {
                throw kill;
            }
        };
        List<SupportVectorMachine.Settings> given = List.of(svm(1, 0.1), svm(2, 0.1));
        assertEquals(kill, assertThrows(RuntimeException.class, () -> search(1, killer, log)
                .run(given, TRAIN.features(), TRAIN.labels(), CLASSES)));
        String cut = Files.readString(log);
        assertEquals(3, fits(cut));

        RandomSearch.Result resumed =
                search(1, Progress.NONE, log).run(given, TRAIN.features(), TRAIN.labels(), CLASSES);
        assertEquals(6, fits(Files.readString(log)));
        assertTrue(Files.readString(log).startsWith(cut.substring(0, cut.lastIndexOf(" } ]"))), "the fits made before");
        RandomSearch.Result whole =
                search(1, Progress.NONE, null).run(given, TRAIN.features(), TRAIN.labels(), CLASSES);
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(
                    whole.candidates().get(i).scores(),
                    resumed.candidates().get(i).scores());
        }

        String before = Files.readString(log);
        search(1, Progress.NONE, log).run(given, TRAIN.features(), TRAIN.labels(), CLASSES);
        assertEquals(before, Files.readString(log), "nothing was left to do");
        search(2, Progress.NONE, log).run(given, TRAIN.features(), TRAIN.labels(), CLASSES);
        assertNotEquals(before, Files.readString(log), "another seed has other folds");

        Files.writeString(log, "3 fits");
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> search(1, Progress.NONE, log)
                        .run(given, TRAIN.features(), TRAIN.labels(), CLASSES));
        assertTrue(refused.getMessage().startsWith(log.toString()), refused.getMessage());
    }

    private static RandomSearch search(long seed, Progress progress, Path log) {
        return new RandomSearch(2, 3, RandomSearch.Scoring.ACCURACY, seed, 1, progress, log);
    }

    private static int fits(String log) {
        return log.split("\"score\"", -1).length - 1;
    }

    @ParameterizedTest
    @EnumSource(ClassifierKind.class)
    void drawsValidDistinctCandidatesAroundThePreset(ClassifierKind kind) {
        for (ClassifierPreset preset : ClassifierPreset.values()) {
            ClassifierSettings start = Classifiers.settings(kind, preset);
            for (long seed = 0; seed < 200; seed++) {
                List<ClassifierSettings> drawn = SearchSpace.candidates(start, 5, seed);
                assertEquals(start, drawn.get(0));
                assertEquals(5, drawn.stream().distinct().count(), kind + ", seed " + seed);
                assertEquals(drawn, SearchSpace.candidates(start, 5, seed));
            }
        }
    }

    @Test
    void refusesImpossibleSearches() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new RandomSearch(5, 1, RandomSearch.Scoring.ACCURACY, 1, 1, Progress.NONE, null));
        RandomSearch search = RandomSearch.of(1, 1, Progress.NONE);
        assertThrows(
                IllegalArgumentException.class, () -> search.run(List.of(), TRAIN.features(), TRAIN.labels(), CLASSES));
    }

    @Test
    void scoresByMacroF1() {
        // class 0: 2 of 2 + 3 right, F1 0.8; class 1: F1 0; class 2 neither occurs nor is predicted
        assertEquals(0.4, RandomSearch.macroF1(new int[] {0, 0, 1}, new int[] {0, 0, 0}, 3), 1e-12);
    }

    private static SupportVectorMachine.Settings svm(double c, double gamma) {
        return new SupportVectorMachine.Settings(c, gamma, 0, ClassWeighting.NONE);
    }
}
