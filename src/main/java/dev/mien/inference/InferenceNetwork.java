package dev.mien.inference;

import dev.mien.backbones.Architecture;
import dev.mien.backbones.Backbone;
import dev.mien.backbones.ModelMetadata;
import dev.mien.backbones.ModelTensors;
import dev.mien.backbones.Precision;
import dev.mien.internal.Native;
import dev.mien.internal.NativeRuntime;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A trained network for predictions with low latency: weights packed once for the processor's vectors, batch
 * normalisation folded in, no LibTorch. Any thread may call it, several at once; each call that finds no other uses
 * {@code threads} threads, calls at the same time one each. An image's result depends on nothing but the image and the
 * precision.
 *
 * <pre>{@code
 * try (InferenceNetwork network = InferenceNetwork.open(model, Precision.FLOAT32, 2, 1)) {
 *     Output output = network.run(pixels, 1);
 * }
 * }</pre>
 */
public final class InferenceNetwork implements AutoCloseable {

    private static final int MAX_THREADS = 1024;
    private static final int MAX_BATCH = 4096;

    private final ModelMetadata metadata;
    private final int threads;
    private final int maxBatch;
    private final int imageSize;
    private final long handle;
    private final ConcurrentLinkedQueue<Staging> staging = new ConcurrentLinkedQueue<>();
    private int calls; // guarded by this, as is closed
    private boolean closed;

    private InferenceNetwork(ModelTensors model, Precision precision, int threads, int maxBatch) {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads must be 1.." + MAX_THREADS + ", not " + threads);
        }
        if (maxBatch < 1 || maxBatch > MAX_BATCH) {
            throw new IllegalArgumentException("maxBatch must be 1.." + MAX_BATCH + ", not " + maxBatch);
        }
        precision.checkOn("cpu");
        NativeRuntime.loadKernels();
        this.metadata = model.metadata();
        this.threads = threads;
        this.maxBatch = maxBatch;
        this.imageSize = channels() * inputSize() * inputSize();
        this.handle = NetworkLoader.open(model, precision, maxBatch);
        run(new float[imageSize], 1); // fetches code and memory that the first call would wait for
    }

    /**
     * Opens a model file.
     *
     * @param precision what convolutions compute in; the first one and all sums stay in float32
     * @param threads that one call may use, 1..1024
     * @param maxBatch images of one pass through the network, 1..4096; calls with more take several. Memory grows with it
     * @throws IllegalArgumentException if the file holds no mien model, or its tensors do not fit the backbone it names
     * @throws IOException if the file is missing or broken; the message names it
     */
    public static InferenceNetwork open(Path model, Precision precision, int threads, int maxBatch) throws IOException {
        try (ModelTensors tensors = ModelTensors.read(model)) {
            return new InferenceNetwork(tensors, precision, threads, maxBatch);
        }
    }

    /** A copy of a backbone as it is now, for predictions; see {@link #open}. */
    public static InferenceNetwork of(Backbone backbone, Precision precision, int threads, int maxBatch) {
        try (ModelTensors tensors = ModelTensors.of(backbone)) {
            return new InferenceNetwork(tensors, precision, threads, maxBatch);
        }
    }

    /** What the model says of itself: labels, scaling of pixels, what it was trained with. */
    public ModelMetadata metadata() {
        return metadata;
    }

    /** Side of the square input, in pixels. */
    public int inputSize() {
        return architecture().inputSize();
    }

    /** Input channels: 1 for grey; 3 where the grey image is repeated. */
    public int channels() {
        return architecture().channels();
    }

    /** Length d of a feature vector. */
    public int featureCount() {
        return architecture().featureCount();
    }

    /** Outputs of the head. */
    public int classCount() {
        return Architecture.CLASSES;
    }

    private Architecture architecture() {
        return metadata.backbone().architecture();
    }

    /**
     * Features and logits of some images.
     *
     * @param pixels (n, c, h, w), values 0..1; may be longer
     * @param n images, 0 or more
     * @throws IllegalArgumentException if there are fewer pixels, or a value that is not finite, naming its image
     * @throws IllegalStateException if the network has been closed
     */
    public Output run(float[] pixels, int n) {
        return run(FloatBuffer.wrap(pixels), n);
    }

    /** Features and logits of the images from the buffer's position on, which stays; see {@link #run(float[], int)}. */
    public Output run(FloatBuffer pixels, int n) {
        float[] features = new float[Math.multiplyExact(Math.max(0, n), featureCount())];
        float[] logits = new float[Math.max(0, n) * classCount()];
        run(pixels, n, features, logits);
        return new Output(n, features, logits);
    }

    /** As {@link #run(FloatBuffer, int)}, into arrays of at least n x d and n x 7 values; allocates nothing. */
    public void run(FloatBuffer pixels, int n, float[] features, float[] logits) {
        if (n < 0 || pixels.remaining() / imageSize < n) {
            throw new IllegalArgumentException("%d images of %d x %d x %d need %d values; there are %d"
                    .formatted(n, channels(), inputSize(), inputSize(), (long) n * imageSize, pixels.remaining()));
        }
        if (features.length / featureCount() < n || logits.length / classCount() < n) {
            throw new IllegalArgumentException("the results of %d images do not fit into %d features and %d logits"
                    .formatted(n, features.length, logits.length));
        }
        enter();
        try {
            Staging own = staging.poll();
            if (own == null) {
                own = new Staging(maxBatch, imageSize, featureCount(), classCount());
            }
            try {
                for (int first = 0; first < n; first += maxBatch) {
                    own.run(handle, threads, pixels, first, Math.min(maxBatch, n - first), features, logits);
                }
            } finally {
                staging.add(own);
            }
        } finally {
            leave();
        }
    }

    private synchronized void enter() {
        if (closed) {
            throw new IllegalStateException("the network has been closed");
        }
        calls++;
    }

    private synchronized void leave() {
        calls--;
        freeIfDone();
    }

    /** Frees the network once calls that are under way have ended; later ones are refused. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            freeIfDone();
        }
    }

    private void freeIfDone() {
        if (closed && calls == 0) {
            staging.forEach(Staging::close);
            staging.clear();
            Native.closeNetwork(handle);
        }
    }
}
