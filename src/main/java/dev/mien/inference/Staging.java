package dev.mien.inference;

import dev.mien.internal.Native;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/** Memory that both sides see, for one call at a time: images in, results out. */
final class Staging implements AutoCloseable {

    private final int imageSize;
    private final int featureCount;
    private final int classCount;
    private final FloatPointer images;
    private final FloatPointer features;
    private final FloatPointer logits;
    private final FloatBuffer imageBuffer;

    Staging(int batch, int imageSize, int featureCount, int classCount) {
        this.imageSize = imageSize;
        this.featureCount = featureCount;
        this.classCount = classCount;
        this.images = unowned(batch * (long) imageSize);
        this.features = unowned(batch * (long) featureCount);
        this.logits = unowned(batch * (long) classCount);
        this.imageBuffer = images.asBuffer();
    }

    /** Memory that no PointerScope of the caller's frees: it outlives the call. */
    private static FloatPointer unowned(long size) {
        return new FloatPointer(size).retainReference();
    }

    /** Runs {@code n} images from the {@code first} on. */
    void run(long network, int threads, FloatBuffer pixels, int first, int n, float[] allFeatures, float[] allLogits) {
        imageBuffer.put(0, pixels, pixels.position() + first * imageSize, n * imageSize);
        Native.runNetwork(network, images, n, threads, features, logits);
        features.get(allFeatures, first * featureCount, n * featureCount);
        logits.get(allLogits, first * classCount, n * classCount);
    }

    @Override
    public void close() {
        images.releaseReference();
        features.releaseReference();
        logits.releaseReference();
    }
}
