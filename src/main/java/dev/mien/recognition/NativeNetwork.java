package dev.mien.recognition;

import dev.mien.inference.InferenceNetwork;
import dev.mien.inference.Output;

/** A network run by the native library on the processor, without LibTorch. */
final class NativeNetwork implements ExpressionNetwork {

    private final InferenceNetwork network;

    /** Takes over the network. */
    NativeNetwork(InferenceNetwork network) {
        this.network = network;
    }

    @Override
    public Answer run(float[] pixels, int n) {
        Output output = network.run(pixels, n);
        int classes = network.classCount();
        for (int row = 0; row < n; row++) {
            softmax(output.logits(), row * classes, classes);
        }
        return new Answer(output.logits(), output.features());
    }

    /** Exponentials relative to the largest logit, so that none overflows. */
    private static void softmax(float[] values, int from, int count) {
        float largest = values[from];
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, values[i]);
        }
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Math.exp(values[i] - largest);
        }
        for (int i = from; i < from + count; i++) {
            values[i] = (float) (Math.exp(values[i] - largest) / sum);
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
