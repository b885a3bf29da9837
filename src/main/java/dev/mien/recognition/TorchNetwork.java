package dev.mien.recognition;

import static org.bytedeco.pytorch.global.torch.ScalarType;

import dev.mien.backbones.Backbone;
import dev.mien.internal.Downloads;
import dev.mien.internal.NativeRuntime;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A backbone run by LibTorch, where its tensors are. */
final class TorchNetwork implements ExpressionNetwork {

    static {
        NativeRuntime.load();
        // Where it does not support the processor it says so on stderr at every call.
        torch.globalContext().setUserEnabledNNPACK(false);
    }

    private final Backbone backbone;

    /** Takes over the backbone. */
    TorchNetwork(Backbone backbone) {
        this.backbone = backbone;
    }

    @Override
    public Answer run(float[] pixels, int n) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            int size = backbone.inputSize();
            Device device = backbone.parameters().values().iterator().next().device();
            Tensor images =
                    Tensor.create(pixels, n, backbone.channels(), size, size).to(device, ScalarType.Float);
            Tensor features = backbone.features(images, false);
            return new Answer(Downloads.floats(backbone.logits(features, false)), Downloads.floats(features));
        }
    }

    @Override
    public void close() {
        backbone.close();
    }
}
