package dev.mien.bench;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.Precision;
import dev.mien.inference.InferenceNetwork;
import dev.mien.internal.Downloads;
import dev.mien.internal.NativeRuntime;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Pixels to logits, by {@link InferenceNetwork} and by LibTorch on the same weights, in each precision. The peer keeps
 * its images as a tensor; its split of threads is the one that was fastest.
 */
public final class InferenceContest {

    static {
        NativeRuntime.load();
    }

    private static final int LEAST_ROUNDS = 3;
    private static final int MOST_ROUNDS = 1000;
    private static final double VISIT = 20; // milliseconds, or one call
    private static final int WARM_UP = 3;
    private static final Map<Precision, Double> TOLERANCE = Map.of(Precision.FLOAT32, 1e-4, Precision.BFLOAT16, 0.02);

    /**
     * One line of the table.
     *
     * @param batch images of a call
     * @param mien InferenceNetwork's times
     * @param peer LibTorch's times, in the same precision
     * @param split LibTorch's threads
     */
    public record Result(
            BackboneKind backbone, int batch, Precision precision, Latency mien, Latency peer, String split) {

        /** How many times mien's median goes into the peer's. */
        public double ratio() {
            return peer.p50() / mien.p50();
        }
    }

    private final BackboneKind kind;
    private final int batch;
    private final int threads;
    private final float[] pixels;
    private final float[] features;
    private final float[] logits;

    /** A contest of one network on random images. */
    public InferenceContest(BackboneKind kind, int batch, int threads) {
        this.kind = kind;
        this.batch = batch;
        this.threads = threads;
        int side = kind.architecture().inputSize();
        this.pixels = new float[batch * kind.architecture().channels() * side * side];
        this.features = new float[batch * kind.architecture().featureCount()];
        this.logits = new float[batch * 7];
        Random random = new Random(1);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat();
        }
    }

    /**
     * Both sides in turns for about {@code seconds}, after comparing their logits.
     *
     * @throws IllegalStateException if they differ by more than the precision explains
     */
    public Result measure(Precision precision, double seconds) {
        int side = kind.architecture().inputSize();
        try (Backbone backbone = kind.create(1);
                InferenceNetwork network = InferenceNetwork.of(backbone, precision, threads, batch);
                PointerScope scope = new PointerScope()) {
            Tensor images = torch.tensor(pixels).view(batch, kind.architecture().channels(), side, side);
            check(network, backbone, images, TOLERANCE.get(precision));
            backbone.setPrecision(precision);
            ThreadSplit split = ThreadSplit.fastest(threads, each -> least(backbone, images));
            split.apply(threads);
            List<Double> own = new ArrayList<>();
            List<Double> peer = new ArrayList<>();
            long end = System.nanoTime() + (long) (seconds * 1e9);
            for (int round = 0; round < LEAST_ROUNDS || (System.nanoTime() < end && round < MOST_ROUNDS); round++) {
                own.addAll(visit(() -> run(network)));
                peer.addAll(visit(() -> run(backbone, images)));
            }
            return new Result(kind, batch, precision, Latency.of(own), Latency.of(peer), split.describe(threads));
        } finally {
            NativeRuntime.setThreads(NativeRuntime.threads());
        }
    }

    /** Milliseconds of the fastest of a few calls. */
    private double least(Backbone backbone, Tensor images) {
        return IntStream.range(0, WARM_UP)
                .mapToDouble(i -> millis(() -> run(backbone, images)))
                .min()
                .orElseThrow();
    }

    /** Milliseconds of the calls of one visit, after one that does not count. */
    private static List<Double> visit(Runnable call) {
        Stopwatch.rest(); // the other side's threads look for work for a while yet
        call.run();
        List<Double> calls = new ArrayList<>();
        for (double total = 0; total < VISIT; total += calls.get(calls.size() - 1)) {
            calls.add(millis(call));
        }
        return calls;
    }

    private static double millis(Runnable call) {
        long started = System.nanoTime();
        call.run();
        return (System.nanoTime() - started) / 1e6;
    }

    private void run(InferenceNetwork network) {
        network.run(FloatBuffer.wrap(pixels), batch, features, logits);
    }

    private static float[] run(Backbone backbone, Tensor images) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            return Downloads.floats(backbone.logits(backbone.features(images, false), false));
        }
    }

    private void check(InferenceNetwork network, Backbone backbone, Tensor images, double tolerance) {
        run(network);
        float[] expected = run(backbone, images);
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(logits[i] - expected[i]));
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        if (!(worst <= tolerance * largest)) {
            throw new IllegalStateException(
                    kind.word() + ": logits differ from LibTorch's by " + worst + ", of " + largest);
        }
    }
}
