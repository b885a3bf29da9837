package dev.mien.bench;

import static org.bytedeco.pytorch.global.torch.ScalarType;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.Precision;
import dev.mien.data.Expression;
import dev.mien.internal.Uploads;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Training steps as one writes them from Java with LibTorch's own parts: cross entropy, backward, {@code torch::optim::SGD}.
 * Images and labels are on the device and stay the same.
 */
final class PlainTraining implements AutoCloseable {

    private static final double RATE = 0.01;
    private static final double MOMENTUM = 0.9;

    private final Backbone backbone;
    private final Tensor images;
    private final Tensor labels;
    private final SGD optimiser;

    /** One network's training; its tensors belong to the caller's {@link PointerScope}. */
    PlainTraining(BackboneKind kind, Precision precision, int batch, Device device) {
        backbone = kind.create(1);
        backbone.setPrecision(precision);
        backbone.moveTo(device);
        int side = backbone.inputSize();
        images = torch.rand(batch, backbone.channels(), side, side).to(device, ScalarType.Float);
        labels = Uploads.rows(new Random(1).ints(batch, 0, Expression.COUNT).toArray(), device);
        SGDOptions options = new SGDOptions(RATE);
        options.momentum().put(MOMENTUM);
        Tensor[] parameters = backbone.parameters().values().toArray(Tensor[]::new);
        optimiser = new SGD(new TensorVector(parameters), options);
    }

    void step() {
        try (PointerScope scope = new PointerScope()) {
            optimiser.zero_grad();
            Tensor logits = backbone.logits(backbone.features(images, true), true);
            torch.cross_entropy_loss(logits.to(ScalarType.Float), labels).backward();
            optimiser.step();
        }
    }

    @Override
    public void close() {
        backbone.close();
    }
}
