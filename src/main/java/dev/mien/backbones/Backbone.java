package dev.mien.backbones;

import dev.mien.internal.NativeRuntime;
import java.util.Map;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;

/**
 * A convolutional network with a global average pool and a linear head, as named tensors and a forward function.
 *
 * <p>It is not a LibTorch module: those have no forward hooks in C++, so features and head are separate functions here.
 */
public abstract class Backbone implements AutoCloseable {

    static {
        NativeRuntime.load();
    }

    private Precision precision = Precision.FLOAT32;

    /** The number format that convolutions run in; float32 unless set. */
    public Precision precision() {
        return precision;
    }

    /** Sets the number format of later forward passes. */
    public void setPrecision(Precision precision) {
        this.precision = precision;
    }

    /** The word used on the command line, such as {@code vgg19-bn}. */
    public abstract String name();

    /** Side of the square input, in pixels. */
    public abstract int inputSize();

    /** Input channels: 1 for grey; 3 where the grey image is repeated. */
    public abstract int channels();

    /** Length d of a feature vector. */
    public abstract int featureCount();

    /** Trainable tensors by name, in the order they are defined; float32, requiring gradients. */
    public abstract Map<String, Tensor> parameters();

    /** Tensors that are saved but not trained (running means and variances), by name. */
    public abstract Map<String, Tensor> buffers();

    /**
     * Features at the global average pool.
     *
     * @param images (b, c, h, w) float32, scaled as {@link #inputSize()} and {@link #channels()} say, values 0..1
     * @param training whether batch statistics and dropout are in force
     * @return (b, d) float32
     */
    public abstract Tensor features(Tensor images, boolean training);

    /**
     * The linear head.
     *
     * @param features (b, d) float32
     * @return (b, 7) float32, not normalised
     */
    public abstract Tensor logits(Tensor features, boolean training);

    /** Moves every tensor to {@code device}; those handed out before belong to the old place. */
    public abstract void moveTo(Device device);

    /** Frees every tensor; the backbone must not be used after. */
    @Override
    public void close() {
        parameters().values().forEach(Tensor::close);
        buffers().values().forEach(Tensor::close);
    }

    /** Number of trainable values. */
    public long parameterCount() {
        return parameters().values().stream().mapToLong(Tensor::numel).sum();
    }
}
