package dev.mien.backbones;

import dev.mien.internal.NativeRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Named tensors with metadata, as files of trained networks hold them. An instance owns its tensors and frees them
 * when closed.
 *
 * <p>Reads safetensors and both formats of PyTorch's {@code torch.save} (zip, and the legacy format before 1.6), told
 * apart by content. PyTorch pickles pass through a restricted reader: a file can neither execute anything nor
 * allocate more than its size. Writes safetensors.
 */
public final class Weights implements AutoCloseable {

    static {
        NativeRuntime.load();
    }

    private final Map<String, Tensor> tensors;
    private final Map<String, String> metadata;

    /** Takes over {@code tensors}, in their order. */
    Weights(Map<String, Tensor> tensors, Map<String, String> metadata) {
        this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * Reads every tensor of a file, onto the CPU, without gradients, in the file's order.
     *
     * <p>In PyTorch files a state_dict inside a checkpoint ({@code {"state_dict": ..}}, {@code {"model": ..}}) is
     * found, tensors that share a storage go on sharing it, and the prefix {@code module.} of {@code DataParallel} is
     * dropped.
     *
     * @throws IOException if the file is missing, broken, truncated, hostile or of another kind; the message names it
     */
    public static Weights read(Path file) throws IOException {
        try (WeightsFile open = WeightsFile.open(file);
                PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Weights weights = read(open);
            weights.retain();
            return weights;
        }
    }

    private static Weights read(WeightsFile file) throws IOException {
        byte[] head = file.bytes(0, 9);
        if (Safetensors.startsWith(head)) {
            return Safetensors.read(file);
        }
        if (PyTorch.startsAsZip(head)) {
            return PyTorch.readZip(file);
        }
        if (PyTorch.startsAsPickle(head)) {
            return PyTorch.readLegacy(file);
        }
        throw file.error("is neither safetensors nor a file of PyTorch's torch.save");
    }

    /** A copy on the CPU of tensors that live elsewhere, such as a network's parameters at their best epoch. */
    public static Weights copyOf(Map<String, Tensor> tensors, Map<String, String> metadata) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Map<String, Tensor> copies = new LinkedHashMap<>();
            tensors.forEach(
                    (name, tensor) -> copies.put(name, tensor.detach().cpu().clone()));
            Weights weights = new Weights(copies, metadata);
            weights.retain();
            return weights;
        }
    }

    /**
     * Parameters and buffers of a backbone under their names, still its own: what is saved of it and loaded into it.
     */
    public static Map<String, Tensor> tensorsOf(Backbone backbone) {
        Map<String, Tensor> all = new LinkedHashMap<>(backbone.parameters());
        all.putAll(backbone.buffers());
        return all;
    }

    /**
     * Writes tensors as safetensors, atomically. The same tensors and metadata in the same order give the same bytes.
     *
     * @param tensors of any device and stride, of type float64, float32, float16, bfloat16, int64, int32, int16,
     *     int8, uint8 or bool
     * @throws IllegalArgumentException for a tensor of another type
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        Safetensors.write(file, tensors, metadata);
    }

    /** Writes these tensors as safetensors, atomically. */
    public void write(Path file) throws IOException {
        write(file, tensors, metadata);
    }

    /** The tensors by name, in order; they live as long as this object. */
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /** The metadata of a safetensors file; empty for PyTorch files. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * Copies every tensor into its namesake, converting its type; nothing is copied unless all fit.
     *
     * <p>Only BatchNorm's {@code num_batches_tracked} may be absent on either side.
     *
     * @param targets parameters and buffers of a network
     * @throws IllegalArgumentException listing the tensors that are missing, unexpected or of another shape
     */
    public WeightsReport applyTo(Map<String, Tensor> targets) {
        return new WeightsTransfer(tensors, targets).all();
    }

    /** Copies every tensor into a backbone; see {@link #applyTo(Map)}. */
    public WeightsReport applyTo(Backbone backbone) {
        return applyTo(tensorsOf(backbone));
    }

    /**
     * Puts a file's weights into a backbone to start from: all of them if they are a mien model's, else torchvision's
     * convolutions, with its input normalisation folded in.
     *
     * @throws IllegalArgumentException naming the file and the tensors that do not fit
     */
    public static WeightsReport start(Path file, Backbone backbone) throws IOException {
        try (Weights weights = read(file)) {
            return weights.tensors().containsKey("head.weight")
                    ? weights.applyTo(backbone)
                    : weights.transferTo(tensorsOf(backbone), WeightsScaling.UNIT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " does not fit " + backbone.name() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Copies the convolutions ({@code features.*}) of torchvision's ImageNet weights and leaves the head as
     * initialised.
     *
     * <p>The first convolution may have three input channels or one; see {@link WeightsScaling} for what that means.
     *
     * @param targets parameters and buffers of a network with torchvision's names
     * @param scaling what the network's input looks like
     * @throws IllegalArgumentException listing the {@code features.*} that are missing, unexpected or of another shape
     */
    public WeightsReport transferTo(Map<String, Tensor> targets, WeightsScaling scaling) {
        return new WeightsTransfer(tensors, targets).features(scaling);
    }

    private void retain() {
        tensors.values().forEach(Tensor::retainReference);
    }

    /** Frees the tensors. */
    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
    }
}
