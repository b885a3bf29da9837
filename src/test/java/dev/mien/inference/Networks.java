package dev.mien.inference;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.BackboneKind;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Backbones as training leaves them, and what LibTorch says of images. */
final class Networks {

    private Networks() {}

    /** A backbone whose shifts and statistics are not those of a fresh one. */
    static Backbone lively(BackboneKind kind, long seed) {
        Backbone backbone = kind.create(seed);
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            backbone.parameters().forEach((name, tensor) -> {
                if (name.endsWith("bias")) {
                    tensor.uniform_(-0.2, 0.2, new GeneratorOptional());
                } else if (tensor.dim() == 1) {
                    tensor.uniform_(0.5, 1.5, new GeneratorOptional());
                } else if (name.equals("head.weight")) {
                    tensor.uniform_(-0.5, 0.5, new GeneratorOptional());
                }
            });
            backbone.buffers()
                    .forEach((name, tensor) -> tensor.uniform_(
                            name.endsWith("var") ? 0.5 : -0.3,
                            name.endsWith("var") ? 1.5 : 0.3,
                            new GeneratorOptional()));
        }
        return backbone;
    }

    static float[] images(Backbone backbone, int n, long seed) {
        Random random = new Random(seed);
        float[] pixels = new float[n * backbone.channels() * backbone.inputSize() * backbone.inputSize()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat();
        }
        return pixels;
    }

    /** Features and logits by LibTorch in float32. */
    static Output expected(Backbone backbone, float[] pixels, int n) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor images =
                    torch.tensor(pixels).view(n, backbone.channels(), backbone.inputSize(), backbone.inputSize());
            Tensor features = backbone.features(images, false);
            return new Output(n, values(features), values(backbone.logits(features, false)));
        }
    }

    private static float[] values(Tensor tensor) {
        float[] values = new float[(int) tensor.numel()];
        tensor.contiguous().data_ptr_float().get(values);
        return values;
    }

    /** The largest difference, as a share of the largest magnitude of {@code expected}. */
    static double difference(float[] actual, float[] expected) {
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        return worst / largest;
    }
}
