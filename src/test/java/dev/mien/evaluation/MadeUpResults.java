package dev.mien.evaluation;

import dev.mien.data.Expression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Results that nobody measured, for trying the report; every place that can say so says so. */
final class MadeUpResults {

    private static final int[] TEST_COUNTS = {491, 55, 528, 879, 626, 594, 416};

    private MadeUpResults() {}

    static Results create() {
        List<Results.Run> runs = new ArrayList<>();
        Random random = new Random(7);
        for (String loss : List.of("cross-entropy", "triplet", "joint")) {
            for (String classifier : List.of("softmax", "ann", "svm", "random-forest", "xgboost")) {
                if (loss.equals("triplet") && classifier.equals("softmax")) {
                    continue;
                }
                for (String split : List.of("validation", "test")) {
                    runs.add(run(loss, classifier, split, random));
                }
            }
        }
        return of(runs);
    }

    static Results of(List<Results.Run> runs) {
        List<Integer> counts = Arrays.stream(TEST_COUNTS).boxed().toList();
        return new Results(
                "0.0-made-up",
                "cpu",
                "native avx512",
                new Results.Dataset(
                        "made-up data",
                        new Results.Counts(28709, 3589, 3589),
                        new Results.ClassCounts(
                                List.of(3995, 436, 4097, 7215, 4965, 4830, 3171),
                                List.of(467, 56, 496, 895, 607, 653, 415),
                                counts)),
                runs,
                "quick",
                "mien experiment --data made-up.zip --out report --preset quick --backbone compact --seeds 1",
                "2026-01-01T00:00:00Z",
                3941.0,
                List.of(curve("cross-entropy", 18, 11), curve("triplet", 24, 20), curve("joint", 15, 9)),
                List.of(distances("cross-entropy", 0.9, 1.05), distances("triplet", 0.6, 1.25)),
                List.of(retrieval("cross-entropy", 0.41), retrieval("triplet", 0.52)),
                List.of(
                        new Results.Setting("backbone", "compact, random start", Results.Topic.TRAINING),
                        new Results.Setting("optimizer", "SGD", Results.Topic.TRAINING),
                        new Results.Setting("learning rate", "0.05", Results.Topic.TRAINING),
                        new Results.Setting("epochs", "at most 24", Results.Topic.TRAINING),
                        new Results.Setting(
                                "xgboost", "subsample 0.5, 100 trees, max_depth 6, eta 0.2", Results.Topic.CLASSIFIER),
                        new Results.Setting(
                                "svm", "RBF, C 1, gamma 1/(d var), 6,000 rows, stratified", Results.Topic.CLASSIFIER),
                        new Results.Setting("backbone", "compact instead of VGG-19", Results.Topic.DEVIATION),
                        new Results.Setting("selection", "on the validation split only", Results.Topic.PROTOCOL)),
                List.of("These figures are made up to try the report; nothing was measured."));
    }

    static Results.Run run(String loss, String classifier, String split, Random random) {
        List<List<Long>> confusion = new ArrayList<>();
        double skill = 0.52 + 0.15 * random.nextDouble();
        for (int actual = 0; actual < Expression.COUNT; actual++) {
            long[] row = new long[Expression.COUNT];
            for (int i = 0; i < TEST_COUNTS[actual]; i++) {
                row[random.nextDouble() < skill ? actual : random.nextInt(Expression.COUNT)]++;
            }
            confusion.add(Arrays.stream(row).boxed().toList());
        }
        long correct = 0;
        for (int c = 0; c < Expression.COUNT; c++) {
            correct += confusion.get(c).get(c);
        }
        double accuracy = correct / 3589.0;
        List<Results.ClassScore> perClass = new ArrayList<>();
        for (Expression expression : Expression.values()) {
            int c = expression.ordinal();
            double recall = (double) confusion.get(c).get(c) / TEST_COUNTS[c];
            perClass.add(
                    new Results.ClassScore(expression.word(), TEST_COUNTS[c], recall - 0.02, recall, recall - 0.01));
        }
        boolean baseline = loss.equals("cross-entropy") && classifier.equals("softmax");
        return new Results.Run(
                "compact",
                1_234_567L,
                loss,
                classifier,
                split,
                3589,
                accuracy,
                List.of(accuracy - 0.0157, accuracy + 0.0153),
                accuracy - 0.02,
                accuracy - 0.03,
                accuracy - 0.025,
                split.equals("test") ? accuracy - 0.011 : null,
                split.equals("test") ? 3275 : null,
                baseline || !split.equals("test") ? null : random.nextDouble() * 0.2,
                perClass,
                confusion,
                1 + 80 * random.nextDouble(),
                accuracy,
                accuracy,
                accuracy,
                1L);
    }

    private static Results.Curve curve(String loss, int epochs, int best) {
        boolean headless = loss.equals("triplet");
        List<Results.Epoch> rows = new ArrayList<>();
        for (int e = 1; e <= epochs; e++) {
            double train = 0.4 + 1.5 * Math.exp(-e / 8.0) + 0.03 * Math.sin(3 * e);
            double validation = 1.0 + 0.9 * Math.exp(-e / 4.0) + 0.02 * Math.max(0, e - best) + 0.04 * Math.cos(5 * e);
            rows.add(new Results.Epoch(
                    e,
                    e < best ? 0.05 : 0.005,
                    headless ? train / 8 : train,
                    headless ? validation / 8 : validation,
                    0.9 - 0.65 * Math.exp(-e / 9.0),
                    0.62 - 0.4 * Math.exp(-e / 4.0) + 0.01 * Math.sin(4 * e),
                    412.0,
                    71.5,
                    headless ? 0.8 * Math.exp(-e / 10.0) : null,
                    headless ? 28000L : null,
                    headless ? 120_000L : null));
        }
        return new Results.Curve("compact", loss, 1L, 1_234_567L, 71.5 * epochs, best, rows);
    }

    private static Results.Retrieval retrieval(String loss, double score) {
        return new Results.Retrieval(
                "compact",
                loss,
                1L,
                "test",
                "cosine",
                3589,
                0,
                new Results.RetrievalScores(score + 0.2, score + 0.1, score, score + 0.25, score / 10),
                new Results.RetrievalScores(score + 0.19, score + 0.09, score - 0.01, score + 0.24, score / 11),
                score - 0.1,
                score + 0.3);
    }

    private static Results.Distances distances(String loss, double same, double different) {
        List<Double> edges = new ArrayList<>();
        List<Long> near = new ArrayList<>();
        List<Long> far = new ArrayList<>();
        for (int i = 0; i <= 40; i++) {
            edges.add(i * 0.05);
            if (i < 40) {
                near.add(Math.round(9000 * Math.exp(-Math.pow((i * 0.05 - same) / 0.28, 2))));
                far.add(Math.round(11000 * Math.exp(-Math.pow((i * 0.05 - different) / 0.22, 2))));
            }
        }
        return new Results.Distances("compact", loss, "euclidean", edges, near, far);
    }
}
