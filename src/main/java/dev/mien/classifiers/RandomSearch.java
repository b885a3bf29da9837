package dev.mien.classifiers;

import dev.mien.data.ContentKey;
import dev.mien.data.FloatMatrix;
import dev.mien.internal.Progress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Random search over hyper-parameters (Bergstra and Bengio, JMLR 13, 2012) by stratified cross-validation, then a refit
 * of the best candidate on every row. The fits run side by side, each on one core.
 *
 * @param candidates settings to try, 1 or more; the paper's 25 fits are 5 of them on 5 folds
 * @param folds of the cross-validation, 2 or more
 * @param scoring what the folds are compared by
 * @param seed of candidates, folds and fits
 * @param threads cores to use, at least 1
 * @param progress hears of every finished fit
 * @param log JSON file that lists every finished fit; those of the same inputs that it holds are not made again. Null for
 *     none
 */
public record RandomSearch(
        int candidates, int folds, Scoring scoring, long seed, int threads, Progress progress, Path log) {

    /** What a fit is scored by on the rows held out; higher is better. */
    public enum Scoring {
        /** The share of rows that is right. */
        ACCURACY,
        /** The mean over the classes of their F1, so that rare classes count as much as frequent ones. */
        MACRO_F1
    }

    /**
     * One candidate and how it did.
     *
     * @param settings tried
     * @param scores (folds) 0..1
     * @param seconds its fits and predictions took on one core each, summed over the folds
     */
    public record Candidate(ClassifierSettings settings, double[] scores, double seconds) {

        /** Mean over the folds. */
        public double mean() {
            return Arrays.stream(scores).average().orElseThrow();
        }
    }

    /**
     * What a search found.
     *
     * @param best the candidate with the greatest mean score, the first of equals
     * @param candidates all of them, in the order tried
     * @param classifier the best settings fitted on every row; the caller closes it
     * @param fits cross-validation fits, candidates x folds
     * @param seconds of wall time, refit included, fits found in the log not
     */
    public record Result(Candidate best, List<Candidate> candidates, Classifier classifier, int fits, double seconds) {}

    /** Checks the ranges; {@link IllegalArgumentException} otherwise. */
    public RandomSearch {
        ClassifierSettings.check(candidates >= 1, "candidates", candidates, "at least 1");
        ClassifierSettings.check(folds >= 2, "folds", folds, "at least 2");
        ClassifierSettings.check(threads >= 1, "threads", threads, "at least 1");
    }

    /** The paper's 25 fits, scored by accuracy. */
    public static RandomSearch of(long seed, int threads, Progress progress) {
        return new RandomSearch(5, 5, Scoring.ACCURACY, seed, threads, progress, null);
    }

    /**
     * Searches around the settings of a preset; those settings themselves are the first candidate.
     *
     * @param features (n, d)
     * @param labels (n) values 0..classes-1
     * @throws IllegalArgumentException as {@link Classifier#fit} does, or if there are fewer rows than folds
     */
    public Result run(ClassifierKind kind, ClassifierPreset preset, FloatMatrix features, int[] labels, int classes) {
        return run(drawn(kind, preset, features.columns()), features, labels, classes);
    }

    /** The same without the refit: the best candidate. */
    public Candidate best(
            ClassifierKind kind, ClassifierPreset preset, FloatMatrix features, int[] labels, int classes) {
        return best(tried(drawn(kind, preset, features.columns()), features, labels, classes));
    }

    private List<ClassifierSettings> drawn(ClassifierKind kind, ClassifierPreset preset, int columns) {
        ClassifierSettings start = Classifiers.settings(kind, preset);
        if (start instanceof SupportVectorMachine.Settings svm && svm.gamma() == 0) {
            // 1/d in figures, so that candidates can be drawn around it
            start = new SupportVectorMachine.Settings(
                    svm.c(), 1.0 / Math.max(1, columns), svm.maxRows(), svm.classWeighting());
        }
        return SearchSpace.candidates(start, candidates, seed);
    }

    /** Searches among given settings instead of drawn ones; {@link #candidates()} is not used. */
    public Result run(List<? extends ClassifierSettings> given, FloatMatrix features, int[] labels, int classes) {
        long start = System.nanoTime();
        List<Candidate> tried = tried(given, features, labels, classes);
        Candidate best = best(tried);
        Classifier classifier = best.settings().create(seed, threads);
        classifier.fit(features, labels, classes);
        return new Result(best, tried, classifier, tried.size() * folds, secondsSince(start));
    }

    private List<Candidate> tried(
            List<? extends ClassifierSettings> given, FloatMatrix features, int[] labels, int classes) {
        ClassifierSettings.check(!given.isEmpty(), "candidates", given, "at least one");
        Inputs.checkFit(features, labels, classes);
        StratifiedFolds split = StratifiedFolds.of(labels, folds, seed);
        int fits = given.size() * folds;
        double[][] scores = new double[given.size()][folds];
        double[][] seconds = new double[given.size()][folds];
        AtomicLong done = new AtomicLong();
        SearchLog finished = new SearchLog(log, key(given, features, labels, classes));
        Workers.run(threads, fits, number -> {
            int candidate = number / folds;
            int fold = number % folds;
            SearchLog.Fit fit = finished.find(candidate, fold);
            if (fit == null) {
                long begun = System.nanoTime();
                ClassifierSettings settings = given.get(candidate);
                double score = score(settings, features, labels, classes, split, fold);
                fit = new SearchLog.Fit(candidate, fold, settings.readable(), score, secondsSince(begun));
                finished.add(fit);
            }
            scores[candidate][fold] = fit.score();
            seconds[candidate][fold] = fit.seconds();
            synchronized (done) { // one report at a time, in rising order
                progress.at("random search", done.incrementAndGet(), fits);
            }
        });
        return IntStream.range(0, given.size())
                .mapToObj(i -> new Candidate(
                        given.get(i), scores[i], Arrays.stream(seconds[i]).sum()))
                .toList();
    }

    private String key(List<? extends ClassifierSettings> given, FloatMatrix features, int[] labels, int classes) {
        return new ContentKey()
                .add(given)
                .add(List.of(folds, scoring, seed, classes))
                .add(labels)
                .add(features)
                .hex();
    }

    private double score(
            ClassifierSettings settings,
            FloatMatrix features,
            int[] labels,
            int classes,
            StratifiedFolds split,
            int fold) {
        int[] train = split.trainRows(fold);
        int[] test = split.testRows(fold);
        try (Classifier classifier = settings.create(seed, 1)) {
            classifier.fit(features.select(train), select(labels, train), classes);
            int[] predicted = classifier.predict(features.select(test));
            int[] actual = select(labels, test);
            return scoring == Scoring.ACCURACY ? accuracy(actual, predicted) : macroF1(actual, predicted, classes);
        }
    }

    private static Candidate best(List<Candidate> tried) {
        Candidate best = tried.get(0);
        for (Candidate candidate : tried) {
            best = candidate.mean() > best.mean() ? candidate : best;
        }
        return best;
    }

    private static double accuracy(int[] actual, int[] predicted) {
        return (double) IntStream.range(0, actual.length)
                        .filter(row -> actual[row] == predicted[row])
                        .count()
                / actual.length;
    }

    /** Over the classes that occur in the fold or were predicted; a class with neither has no F1. */
    static double macroF1(int[] actual, int[] predicted, int classes) {
        int[] right = new int[classes];
        int[] total = new int[classes]; // actual + predicted
        for (int row = 0; row < actual.length; row++) {
            total[actual[row]]++;
            total[predicted[row]]++;
            right[actual[row]] += actual[row] == predicted[row] ? 1 : 0;
        }
        return IntStream.range(0, classes)
                .filter(label -> total[label] > 0)
                .mapToDouble(label -> 2.0 * right[label] / total[label])
                .average()
                .orElse(0);
    }

    private static int[] select(int[] labels, int[] rows) {
        return Arrays.stream(rows).map(row -> labels[row]).toArray();
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
