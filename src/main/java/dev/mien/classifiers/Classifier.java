package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import java.io.IOException;
import java.nio.file.Path;

/** A multi-class classifier on feature vectors. Not thread-safe while fitting; prediction is. */
public interface Classifier extends AutoCloseable {

    /** The word used on the command line: {@code softmax}, {@code ann}, {@code svm}, {@code random-forest} or {@code xgboost}. */
    String name();

    /**
     * Fits the classifier, replacing an earlier fit.
     *
     * @param features (n, d), finite
     * @param labels (n) values 0..classes-1
     * @throws IllegalArgumentException if the lengths differ or a row is not finite
     */
    void fit(FloatMatrix features, int[] labels, int classes);

    /** Predicted classes (n) for features (n, d). */
    int[] predict(FloatMatrix features);

    /** Writes the fitted classifier to one file, through a temporary name. */
    void save(Path file) throws IOException;

    @Override
    default void close() {}
}
