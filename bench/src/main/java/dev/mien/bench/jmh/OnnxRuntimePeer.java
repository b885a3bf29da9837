package dev.mien.bench.jmh;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * ONNX Runtime at its best: every optimisation of the graph, nodes in sequence, as many threads within a node as mien
 * has, inputs and outputs in memory that is kept.
 */
final class OnnxRuntimePeer implements AutoCloseable {

    private static final int CLASSES = 7;

    private final OrtSession session;
    private final OnnxTensor pixels;
    private final OnnxTensor features;
    private final OnnxTensor logits;
    private final FloatBuffer logitValues;

    OnnxRuntimePeer(Path model, float[] images, int n, int channels, int side, int featureCount, int threads)
            throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        session = environment.createSession(model.toString(), options);
        pixels = OnnxTensor.createTensor(
                environment, direct(images.length).put(images).rewind(), new long[] {n, channels, side, side});
        features = OnnxTensor.createTensor(environment, direct(n * featureCount), new long[] {n, featureCount});
        logitValues = direct(n * CLASSES);
        logits = OnnxTensor.createTensor(environment, logitValues, new long[] {n, CLASSES});
    }

    private static FloatBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** Runs the network; its logits (n, 7) are in memory that is kept. */
    FloatBuffer run() throws OrtException {
        Map<String, OnnxValue> outputs = Map.of("features", features, "logits", logits);
        try (OrtSession.Result result = session.run(Map.of("pixels", pixels), Set.of(), outputs)) {
            return logitValues;
        }
    }

    @Override
    public void close() throws OrtException {
        pixels.close();
        features.close();
        logits.close();
        session.close();
    }
}
