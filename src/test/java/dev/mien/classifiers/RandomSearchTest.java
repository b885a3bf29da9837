package dev.mien.classifiers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.Progress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomSearchTest {

    private static final int CLASSES = 7;
    private static final SyntheticFeatures TRAIN = SyntheticFeatures.draw(300, 12, 4, 7);

    @Test
    void findsThePlantedCandidate() {
        SupportVectorMachine.Settings good = svm(2, 1.0 / 12);
        List<SupportVectorMachine.Settings> candidates = List.of(svm(1e-4, 1e-6), svm(1, 1e4), good, svm(1e-5, 100));
        RandomSearch search = new RandomSearch(5, 3, RandomSearch.Scoring.MACRO_F1, 1, 2, Progress.NONE);
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
                () -> new RandomSearch(5, 1, RandomSearch.Scoring.ACCURACY, 1, 1, Progress.NONE));
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
