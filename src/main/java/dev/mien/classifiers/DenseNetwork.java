package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import dev.mien.internal.Downloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Fully connected layers with ReLU between them, on standardised features; without hidden layers it is a linear
 * softmax.
 *
 * @param scaler applied to the features first
 * @param layers from the features to the scores
 */
record DenseNetwork(Scaler scaler, List<Layer> layers) {

    private static final int MOST_LAYERS = 16;
    private static final int WIDEST = 1 << 20;

    /**
     * One layer: scores = weight x + bias.
     *
     * @param weight (outputs, inputs)
     * @param bias (outputs)
     */
    record Layer(FloatMatrix weight, float[] bias) {}

    /** Predicted classes (n) of features (n, d). */
    int[] predict(FloatMatrix features) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            return Tensors.argmaxRows(scores(features));
        }
    }

    /** Class probabilities (n, classes) of features (n, d): the softmax of the scores. */
    FloatMatrix probabilities(FloatMatrix features) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            float[] values = Downloads.floats(torch.softmax(scores(features), 1));
            return new FloatMatrix(values, features.rows(), classes());
        }
    }

    /** (n, classes); the caller holds a PointerScope. */
    private Tensor scores(FloatMatrix features) {
        Tensor values = Tensors.of(scaler.apply(features));
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            values = torch.linear(i == 0 ? values : values.relu(), Tensors.of(layer.weight), Tensor.create(layer.bias));
        }
        return values;
    }

    /** Number of classes. */
    int classes() {
        return layers.get(layers.size() - 1).bias.length;
    }

    /** Features per row. */
    int columns() {
        return layers.get(0).weight.columns();
    }

    byte[] toBytes() {
        Payload.Writer out = new Payload.Writer();
        out.floats(scaler.mean()).floats(scaler.factor()).number(layers.size());
        for (Layer layer : layers) {
            out.number(layer.bias.length).floats(layer.weight.values()).floats(layer.bias);
        }
        return out.toBytes();
    }

    /** Reads what {@link #toBytes} wrote; {@link IOException} says what does not fit. */
    static DenseNetwork ofBytes(byte[] payload, int classes, int columns) throws IOException {
        Payload.Reader in = new Payload.Reader(payload);
        Scaler scaler = new Scaler(in.floats(columns), in.floats(columns));
        List<Layer> layers = new ArrayList<>();
        int inputs = columns;
        for (int left = in.number(1, MOST_LAYERS); left > 0; left--) {
            int outputs = in.number(1, WIDEST);
            FloatMatrix weight = new FloatMatrix(in.floats((long) outputs * inputs), outputs, inputs);
            layers.add(new Layer(weight, in.floats(outputs)));
            inputs = outputs;
        }
        in.end();
        if (inputs != classes) {
            throw new IOException("its network has %d outputs for %d classes".formatted(inputs, classes));
        }
        return new DenseNetwork(scaler, List.copyOf(layers));
    }

    /** A network of one layer on features as they come: (classes, d) weights, (classes) biases. */
    static DenseNetwork linear(float[] weight, float[] bias) {
        if (bias.length < 2 || weight.length == 0 || weight.length % bias.length != 0) {
            throw new IllegalArgumentException(
                    "%d weights and %d biases are not a linear head".formatted(weight.length, bias.length));
        }
        int columns = weight.length / bias.length;
        FloatMatrix matrix = new FloatMatrix(weight.clone(), bias.length, columns);
        return new DenseNetwork(Scaler.identity(columns), List.of(new Layer(matrix, bias.clone())));
    }

    /** Widths of all layers, for messages and reports. */
    int[] widths() {
        return layers.stream().mapToInt(layer -> layer.bias.length).toArray();
    }

    @Override
    public String toString() {
        return columns() + " -> " + Arrays.toString(widths());
    }
}
