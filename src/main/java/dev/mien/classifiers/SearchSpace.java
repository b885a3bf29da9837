package dev.mien.classifiers;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Candidates of a {@link RandomSearch}: the preset's own settings first, then draws around them. */
final class SearchSpace {

    private SearchSpace() {}

    /** {@code count} candidates, the same for the same seed; cost (trees, epochs, rows) stays near the preset's. */
    static List<ClassifierSettings> candidates(ClassifierSettings start, int count, long seed) {
        Random random = new Random(seed);
        List<ClassifierSettings> candidates = new ArrayList<>(List.of(start));
        while (candidates.size() < count) {
            candidates.add(draw(start, random));
        }
        return candidates.subList(0, count);
    }

    private static ClassifierSettings draw(ClassifierSettings start, Random random) {
        if (start instanceof SoftmaxHead.Settings s) {
            return new SoftmaxHead.Settings(
                    s.epochs(),
                    s.batch(),
                    s.learningRate() * factor(random, 3),
                    s.l2() * factor(random, 100),
                    weighting(random));
        }
        if (start instanceof NeuralNetwork.Settings s) {
            return new NeuralNetwork.Settings(
                    hidden(s.hidden(), random),
                    0.2 + 0.1 * random.nextInt(5),
                    s.epochs(),
                    s.batch(),
                    s.learningRate() * factor(random, 3),
                    s.l2() * factor(random, 30),
                    s.patience(),
                    weighting(random));
        }
        if (start instanceof SupportVectorMachine.Settings s) {
            return new SupportVectorMachine.Settings(
                    s.c() * factor(random, 8), s.gamma() * factor(random, 4), s.maxRows(), weighting(random));
        }
        if (start instanceof RandomForest.Settings s) {
            return new RandomForest.Settings(
                    s.trees(),
                    clamp(s.maxDepth() + random.nextInt(5) - 2, 2, 20),
                    0.5 + 0.1 * random.nextInt(5),
                    share(s.featuresPerTree() * factor(random, 2)),
                    share(s.featuresPerSplit() * factor(random, 2)),
                    s.minChildWeight() * factor(random, 4),
                    s.bins(),
                    weighting(random));
        }
        GradientBoosting.Settings s = (GradientBoosting.Settings) start;
        return new GradientBoosting.Settings(
                s.trees(),
                clamp(s.maxDepth() + random.nextInt(5) - 3, 2, 20),
                share(s.learningRate() * factor(random, 2)),
                0.4 + 0.1 * random.nextInt(6),
                share(s.featuresPerTree() * factor(random, 2)),
                1 + random.nextInt(5),
                s.bins(),
                weighting(random));
    }

    /** Log-uniform in 1/most..most. */
    private static double factor(Random random, double most) {
        return Math.exp((2 * random.nextDouble() - 1) * Math.log(most));
    }

    private static double share(double value) {
        return Math.min(1, value);
    }

    private static int clamp(int value, int least, int most) {
        return Math.max(least, Math.min(most, value));
    }

    private static ClassWeighting weighting(Random random) {
        return random.nextBoolean() ? ClassWeighting.NONE : ClassWeighting.SQUARE_ROOT;
    }

    private static List<Integer> hidden(List<Integer> widths, Random random) {
        double factor = Math.pow(2, random.nextInt(3) - 1);
        return widths.stream().map(width -> Math.max(1, (int) (width * factor))).toList();
    }
}
