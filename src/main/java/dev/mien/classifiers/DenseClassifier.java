package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** What the softmax head and the neural network share: both are a {@link DenseNetwork}. */
abstract sealed class DenseClassifier implements Classifier permits SoftmaxHead, NeuralNetwork {

    private final ClassifierSettings settings;
    private volatile DenseNetwork network;

    DenseClassifier(ClassifierSettings settings, DenseNetwork network) {
        this.settings = settings;
        this.network = network;
    }

    abstract DenseTraining training();

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
        network = training().fit(features, labels, classes);
    }

    @Override
    public final int[] predict(FloatMatrix features) {
        Inputs.checkPredict(features, network == null ? 0 : network.columns());
        return network.predict(features);
    }

    @Override
    public final FloatMatrix probabilities(FloatMatrix features) {
        Inputs.checkPredict(features, network == null ? 0 : network.columns());
        return network.probabilities(features);
    }

    @Override
    public final void save(Path file) throws IOException {
        if (network == null) {
            throw new IllegalStateException("the classifier has not been fitted");
        }
        new ClassifierFile(settings, network.classes(), network.columns(), network.toBytes()).write(file);
    }
}
