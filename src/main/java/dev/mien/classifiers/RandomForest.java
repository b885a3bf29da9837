package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A random forest (Breiman 2001) grown by XGBoost: one round of parallel trees, each on a draw of the rows, each split
 * on a draw of the features. XGBoost grows one tree per class, so {@code trees} stands for trees x classes.
 */
public final class RandomForest extends TreeClassifier {

    private final Settings settings;
    private final long seed;
    private final int threads;

    /**
     * Hyper-parameters.
     *
     * @param trees per class, at least 1
     * @param maxDepth of a tree, 1 to 20
     * @param subsample share of the rows a tree sees, above 0 and at most 1
     * @param featuresPerTree share of the features a tree sees, above 0 and at most 1
     * @param featuresPerSplit share of those that a split chooses from, above 0 and at most 1
     * @param minChildWeight least sum of second derivatives in a leaf, 0 or more
     * @param bins histogram bins per feature, 2 to 65,536
     * @param classWeighting how much rare classes count
     */
    public record Settings(
            int trees,
            int maxDepth,
            double subsample,
            double featuresPerTree,
            double featuresPerSplit,
            double minChildWeight,
            int bins,
            ClassWeighting classWeighting)
            implements ClassifierSettings {

        /** A bootstrap's share of distinct rows, and about sqrt(512) features to choose from at each split. */
        public static final Settings DEFAULT = new Settings(300, 14, 0.632, 1, 0.045, 1, 64, ClassWeighting.NONE);

        /**
         * A hundred trees that each see a tenth of the features; every class counts the same, or a forest never
         * predicts a rare one.
         */
        public static final Settings QUICK = new Settings(100, 10, 0.632, 0.1, 0.5, 1, 32, ClassWeighting.BALANCED);

        /** Checks the ranges; {@link IllegalArgumentException} otherwise. */
        public Settings {
            TreeRanges.check(trees, maxDepth, minChildWeight, bins, classWeighting);
            TreeRanges.checkShare("subsample", subsample);
            TreeRanges.checkShare("features per tree", featuresPerTree);
            TreeRanges.checkShare("features per split", featuresPerSplit);
        }

        @Override
        public ClassifierKind kind() {
            return ClassifierKind.RANDOM_FOREST;
        }

        @Override
        public RandomForest create(long seed, int threads) {
            return new RandomForest(this, seed, threads, null);
        }
    }

    private RandomForest(Settings settings, long seed, int threads, XgboostTrees trees) {
        super(settings, trees);
        this.settings = settings;
        this.seed = seed;
        this.threads = threads;
    }

    static RandomForest read(ClassifierFile file, int threads) throws IOException {
        XgboostTrees trees = XgboostTrees.ofBytes(file.payload(), file.classes(), file.columns(), threads);
        return new RandomForest((Settings) file.settings(), 0, threads, trees);
    }

    @Override
    XgboostTrees grow(FloatMatrix features, int[] labels, int classes) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("num_parallel_tree", settings.trees);
        parameters.put("eta", 1);
        parameters.put("max_depth", settings.maxDepth);
        parameters.put("subsample", settings.subsample);
        parameters.put("colsample_bytree", settings.featuresPerTree);
        parameters.put("colsample_bynode", settings.featuresPerSplit);
        parameters.put("min_child_weight", settings.minChildWeight);
        parameters.put("max_bin", settings.bins);
        parameters.put("seed", (int) seed);
        parameters.put("nthread", threads);
        return XgboostTrees.fit(features, labels, classes, parameters, 1, settings.classWeighting);
    }
}
