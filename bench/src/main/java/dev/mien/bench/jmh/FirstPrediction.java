package dev.mien.bench.jmh;

import dev.mien.backbones.Precision;
import dev.mien.inference.InferenceNetwork;
import dev.mien.inference.Output;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One prediction in a JVM of its own: {@code bench/startup.sh} times it from the start of the process to its end, and its
 * line says what opening the model and predicting took.
 */
public final class FirstPrediction {

    private FirstPrediction() {}

    /** The argument is a model file of {@code compact}. */
    public static void main(String[] arguments) throws IOException {
        long started = System.nanoTime();
        try (InferenceNetwork network = InferenceNetwork.open(Path.of(arguments[0]), Precision.FLOAT32, 1, 1)) {
            long opened = System.nanoTime();
            float[] pixels = new float[network.channels() * network.inputSize() * network.inputSize()];
            Output output = network.run(pixels, 1);
            long predicted = System.nanoTime();
            System.out.println("opened in " + (opened - started) / 1000 + " us, predicted in "
                    + (predicted - opened) / 1000 + " us, first logit " + output.logits()[0]);
        }
    }
}
