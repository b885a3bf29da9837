package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A multi-class classifier on feature vectors. Not thread-safe while fitting; prediction is. */
public interface Classifier extends AutoCloseable {

    /** Which of the five classifiers this is. */
    ClassifierKind kind();

    /**
     * The word used on the command line: {@code softmax}, {@code ann}, {@code svm}, {@code random-forest} or {@code
     * xgboost}.
     */
    default String name() {
        return kind().word();
    }

    /**
     * The settings in readable form and in a fixed order, such as {@code trees=100}; what a report prints beside the
     * figures.
     */
    Map<String, String> settings();

    /**
     * Fits the classifier, replacing an earlier fit. The same seed, data and thread count give the same classifier.
     *
     * @param features (n, d), finite
     * @param labels (n) values 0..classes-1
     * @throws IllegalArgumentException if the lengths differ, a row is not finite, a label is out of range, or fewer
     *     than two classes occur
     */
    void fit(FloatMatrix features, int[] labels, int classes);

    /**
     * Predicted classes (n) for features (n, d).
     *
     * @throws IllegalArgumentException if d is not that of the fit, or a row is not finite
     * @throws IllegalStateException before a fit
     */
    int[] predict(FloatMatrix features);

    /**
     * Class probabilities (n, classes) of features (n, d), 0..1; each row sums to 1 and is greatest at the class that
     * {@link #predict} names, but for ties by rounding.
     *
     * @throws UnsupportedOperationException if this kind does not {@link ClassifierKind#givesProbabilities}
     * @throws IllegalArgumentException if d is not that of the fit, or a row is not finite
     * @throws IllegalStateException before a fit
     */
    default FloatMatrix probabilities(FloatMatrix features) {
        throw new UnsupportedOperationException(name() + " votes; it gives no class probabilities");
    }

    /** Writes the fitted classifier to one file, through a temporary name; {@link Classifiers#load} reads it back. */
    void save(Path file) throws IOException;

    /** Frees native memory; closing twice does no harm. */
    @Override
    default void close() {}
}
