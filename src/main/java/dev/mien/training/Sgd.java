package dev.mien.training;

import dev.mien.internal.NativeRuntime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Stochastic gradient descent with momentum, as PyTorch defines it: v = m v + g + w p; p = p - lr v. The velocities are
 * named tensors, so that a checkpoint holds them beside the weights.
 */
final class Sgd implements AutoCloseable {

    static {
        NativeRuntime.load();
    }

    private final Map<String, Tensor> parameters;
    private final Map<String, Tensor> velocities = new LinkedHashMap<>();
    private final double momentum;
    private final double weightDecay;

    Sgd(Map<String, Tensor> parameters, double momentum, double weightDecay) {
        this.parameters = parameters;
        this.momentum = momentum;
        this.weightDecay = weightDecay;
        try (NoGradGuard guard = new NoGradGuard()) {
            parameters.forEach((name, parameter) -> velocities.put(name, torch.zeros_like(parameter)));
        }
        velocities.values().forEach(Tensor::retainReference);
    }

    /** Velocities by parameter name. */
    Map<String, Tensor> velocities() {
        return velocities;
    }

    /** Moves every parameter that has a gradient, then clears the gradients. */
    void step(double learningRate) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Scalar keep = new Scalar(momentum);
            Scalar decay = new Scalar(weightDecay);
            Scalar rate = new Scalar(-learningRate);
            parameters.forEach((name, parameter) -> {
                Tensor gradient = parameter.grad();
                if (!gradient.defined()) {
                    return;
                }
                Tensor velocity = velocities.get(name).mul_(keep).add_(gradient);
                // Decay shapes weights only: biases and normalisations have one dimension.
                if (weightDecay > 0 && parameter.dim() > 1) {
                    velocity.add_(parameter, decay);
                }
                parameter.add_(velocity, rate);
                gradient.zero_();
            });
        }
    }

    @Override
    public void close() {
        velocities.values().forEach(Tensor::close);
    }
}
