package dev.mien.bench.jmh;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.ModelTensors;
import dev.mien.backbones.Precision;
import dev.mien.inference.InferenceNetwork;
import dev.mien.inference.OnnxModel;
import dev.mien.internal.Native;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Pixels to logits, against ONNX Runtime's Java API on the same weights; each call is one sample. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
// ONNX Runtime 1.29 matches the process's command line with a recursive regular expression: 4 KB of class path overflow
// a stack of 1 MB.
@Fork(
        value = 3,
        jvmArgs = {"-Xms1g", "-Xmx1g", "-Xss8m", "-XX:+AlwaysPreTouch", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public class InferenceBenchmark {

    /** mien with the precision of its convolutions, or the peer, whose CPU kernels are float32. */
    @Param({"mien-float32", "mien-bfloat16", "onnxruntime"})
    public String implementation;

    /** The network. */
    @Param({"VGG19", "COMPACT"})
    public BackboneKind backbone;

    /** Images of a call. */
    @Param({"1", "8", "64"})
    public int batch;

    /** Threads of either side. */
    @Param({"1", "2"})
    public int threads;

    private float[] pixels;
    private float[] features;
    private float[] logits;
    private InferenceNetwork network;
    private OnnxRuntimePeer peer;

    /** Builds both sides from the same weights, and refuses to time answers that differ. */
    @Setup
    public void prepare() throws Exception {
        int channels = backbone.architecture().channels();
        int side = backbone.architecture().inputSize();
        int featureCount = backbone.architecture().featureCount();
        Random random = new Random(1);
        pixels = new float[batch * channels * side * side];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat();
        }
        features = new float[batch * featureCount];
        logits = new float[batch * 7];
        Precision precision = implementation.endsWith("bfloat16") ? Precision.BFLOAT16 : Precision.FLOAT32;
        Path file = Files.createTempFile("inference", ".onnx");
        try (Backbone weights = backbone.create(1);
                ModelTensors tensors = ModelTensors.of(weights)) {
            OnnxModel.write(file, tensors);
            network = InferenceNetwork.of(weights, precision, threads, batch);
            peer = new OnnxRuntimePeer(file, pixels, batch, channels, side, featureCount, threads);
        } finally {
            Files.delete(file);
        }
        check(precision == Precision.FLOAT32 ? 1e-4 : 0.02);
        if (implementation.startsWith("mien")) {
            peer.close(); // its threads spin
            peer = null;
        }
        System.out.printf("# mien %s%n", Native.activeIsa());
    }

    private void check(double tolerance) throws Exception {
        network.run(FloatBuffer.wrap(pixels), batch, features, logits);
        FloatBuffer expected = peer.run();
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < logits.length; i++) {
            worst = Math.max(worst, Math.abs(logits[i] - expected.get(i)));
            largest = Math.max(largest, Math.abs(expected.get(i)));
        }
        if (!(worst <= tolerance * largest)) {
            throw new IllegalStateException("logits differ by " + worst + " of " + largest);
        }
    }

    /** One call. */
    @Benchmark
    public Object run() throws Exception {
        if (peer != null) {
            return peer.run();
        }
        network.run(FloatBuffer.wrap(pixels), batch, features, logits);
        return logits;
    }

    /** Frees both sides. */
    @TearDown
    public void release() throws Exception {
        network.close();
        if (peer != null) {
            peer.close();
        }
    }
}
