package dev.mien.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known to us of Liman and Kusuma, "Facial Expression Recognition Using Deep Learning and Neural Embeddings",
 * RIA 38(4), 2024, on FER2013. Figures that are not here are not guessed.
 */
public final class PaperFigures {

    /** The paper's best test accuracy: XGBoost on cross-entropy features (its table 9). */
    public static final double BEST_TEST_ACCURACY = 0.6570;

    /** FER2013's splits, which the paper uses (its table 3). */
    public static final Results.Counts SPLITS = new Results.Counts(28_709, 3_589, 3_589);

    /** FER2013's images per class over all splits, in label order. */
    static final List<Integer> FER2013_CLASSES = List.of(4_953, 547, 5_121, 8_989, 6_198, 6_077, 4_002);

    private static final Map<String, Double> ACCURACY = Map.of(
            "test/cross-entropy/softmax", 0.6509,
            "test/cross-entropy/ann", 0.6505,
            "test/cross-entropy/svm", 0.5642,
            "test/cross-entropy/random-forest", 0.6445,
            "test/cross-entropy/xgboost", 0.6570,
            "test/triplet/xgboost", 0.6530,
            "validation/cross-entropy/xgboost", 0.9977,
            "train/cross-entropy/xgboost", 0.998);

    private static final Map<String, String> TRAINING = training();
    private static final Map<String, String> CLASSIFIERS = classifiers();

    private PaperFigures() {}

    /** The paper's accuracy in 0..1 for a split, loss and classifier, where it is known. */
    public static Optional<Double> accuracy(String split, String loss, String classifier) {
        return Optional.ofNullable(ACCURACY.get(split + "/" + loss + "/" + classifier));
    }

    /**
     * The paper's value of a setting by its name in any case, where it is known. The names: backbone, parameters, input,
     * features, epochs, optimizer, learning rate, momentum, learning-rate schedule, early stopping; random search, xgboost.
     */
    public static Optional<String> setting(String name) {
        String key = name.toLowerCase(Locale.ROOT);
        return Optional.ofNullable(TRAINING.getOrDefault(key, CLASSIFIERS.get(key)));
    }

    /** Whether a dataset is all of FER2013 in its own splits, so that the paper's figures compare. */
    public static boolean sameData(Results.Dataset dataset) {
        return dataset.name().toLowerCase(Locale.ROOT).contains("fer2013")
                && dataset.counts().equals(SPLITS);
    }

    static Set<String> trainingSettings() {
        return TRAINING.keySet();
    }

    static Set<String> classifierSettings() {
        return CLASSIFIERS.keySet();
    }

    private static Map<String, String> training() {
        Map<String, String> known = new LinkedHashMap<>();
        known.put("backbone", "VGG-19, started from ImageNet weights");
        known.put("parameters", "20,027,975");
        known.put("input", "48 x 48");
        known.put("features", "512, at the global average pool");
        known.put("epochs", "at most 75");
        known.put("optimizer", "SGD");
        known.put("learning rate", "0.001");
        known.put("momentum", "0.9");
        known.put("learning-rate schedule", "ReduceLROnPlateau, patience 3, mode min");
        known.put("early stopping", "patience 10 on the validation loss");
        return known;
    }

    private static Map<String, String> classifiers() {
        Map<String, String> known = new LinkedHashMap<>();
        known.put("random search", "25 fits: 5 candidates x 5 folds");
        known.put(
                "xgboost", "500 trees, subsample 0.5, min_child_weight 2, max_depth 10, eta 0.1, colsample_bytree 0.6");
        return known;
    }
}
