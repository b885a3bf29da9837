package dev.mien.training;

import dev.mien.internal.NativeRuntime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * An exponential moving average of a model's tensors: a = d a + (1 - d) w after each step, with d = min(decay, (1 + t) /
 * (10 + t)) in step t from 0, so that the random start is soon forgotten. Running means and variances of batch
 * normalisation are averaged as weights are: they describe the activations of the weights beside them.
 */
final class WeightAverage implements AutoCloseable {

    static {
        NativeRuntime.load();
    }

    private final Map<String, Tensor> model;
    private final Map<String, Tensor> average = new LinkedHashMap<>();
    private final double decay;

    /** Starts from the model's present tensors. */
    WeightAverage(Map<String, Tensor> model, double decay) {
        this.model = model;
        this.decay = decay;
        try (NoGradGuard guard = new NoGradGuard()) {
            model.forEach((name, tensor) -> average.put(name, tensor.detach().clone()));
        }
        average.values().forEach(Tensor::retainReference);
    }

    /** Averages by name. */
    Map<String, Tensor> tensors() {
        return average;
    }

    /** Takes in the model as step {@code step} (from 0) left it. */
    void update(long step) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Scalar share = new Scalar(1 - decay(decay, step));
            average.forEach((name, tensor) -> tensor.lerp_(model.get(name), share));
        }
    }

    /** How much of the average stays in one step. */
    static double decay(double limit, long step) {
        return Math.min(limit, (1.0 + step) / (10.0 + step));
    }

    /** Exchanges the model's values and the average's: once to look through the average, once more to train on. */
    void swap() {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            average.forEach((name, tensor) -> {
                Tensor other = model.get(name);
                Tensor kept = other.detach().clone();
                other.copy_(tensor);
                tensor.copy_(kept);
            });
        }
    }

    @Override
    public void close() {
        average.values().forEach(Tensor::close);
    }
}
