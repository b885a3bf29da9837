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
        return new Answer(output.logits(), output.features());
    }

    @Override
    public void close() {
        network.close();
    }
}
