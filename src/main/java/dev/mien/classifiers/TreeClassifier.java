package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** What random forest and gradient boosting share: both are {@link XgboostTrees}. */
abstract sealed class TreeClassifier implements Classifier permits RandomForest, GradientBoosting {

    private final ClassifierSettings settings;
    private volatile XgboostTrees trees;

    TreeClassifier(ClassifierSettings settings, XgboostTrees trees) {
        this.settings = settings;
        this.trees = trees;
    }

    abstract XgboostTrees grow(FloatMatrix features, int[] labels, int classes);

    @Override
    public final ClassifierKind kind() {
        return settings.kind();
    }

    @Override
    public final Map<String, String> settings() {
        return settings.readable();
    }

    @Override
    public final void fit(FloatMatrix features, int[] labels, int classes) {
        Inputs.checkFit(features, labels, classes);
        XgboostTrees grown = grow(features, labels, classes);
        close();
        trees = grown;
    }

    @Override
    public final int[] predict(FloatMatrix features) {
        Inputs.checkPredict(features, trees == null ? 0 : trees.columns());
        return trees.predict(features);
    }

    @Override
    public final FloatMatrix probabilities(FloatMatrix features) {
        Inputs.checkPredict(features, trees == null ? 0 : trees.columns());
        return trees.probabilities(features);
    }

    @Override
    public final void save(Path file) throws IOException {
        if (trees == null) {
            throw new IllegalStateException("the classifier has not been fitted");
        }
        new ClassifierFile(settings, trees.classes(), trees.columns(), trees.toBytes()).write(file);
    }

    @Override
    public final void close() {
        if (trees != null) {
            trees.close();
        }
    }
}
