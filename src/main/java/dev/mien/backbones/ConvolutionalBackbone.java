package dev.mien.backbones;

import static org.bytedeco.pytorch.global.torch.MemoryFormat;
import static org.bytedeco.pytorch.global.torch.ScalarType;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * A plain stack of 3x3 convolutions, ReLUs and 2x2 max pools, a global average pool and a linear head: the VGG family
 * (Simonyan and Zisserman, 2015). Tensors carry torchvision's names: {@code features.<index>.weight}, where the index
 * counts convolutions, normalisations, activations and pools.
 */
class ConvolutionalBackbone extends Backbone {

    private static final long[] ONE = {1, 1};
    private static final double BATCH_NORM_MOMENTUM = 0.1;

    private final Architecture architecture;
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Tensor> buffers = new LinkedHashMap<>();

    /** Builds the network with weights drawn from {@code seed}: He normal (fan out) for convolutions, N(0, 0.01) for the head. */
    ConvolutionalBackbone(Architecture architecture, long seed) {
        this.architecture = architecture;
        torch.manual_seed(seed);
        try (NoGradGuard guard = new NoGradGuard()) {
            defineFeatures();
            define("head.weight", 0.01, Architecture.CLASSES, featureCount());
            defineConstant("head.bias", 0, Architecture.CLASSES);
        }
        parameters.values().forEach(parameter -> parameter.requires_grad_(true));
    }

    private void defineFeatures() {
        int index = 0;
        int from = channels();
        for (int width : architecture.plan()) {
            if (width == Architecture.POOL) {
                index++;
                continue;
            }
            define(name(index, "weight"), Math.sqrt(2.0 / (9.0 * width)), width, from, 3, 3);
            if (architecture.convolutionBias()) {
                defineConstant(name(index, "bias"), 0, width);
            }
            if (architecture.batchNorm()) {
                index++;
                defineConstant(name(index, "weight"), 1, width);
                defineConstant(name(index, "bias"), 0, width);
                buffers.put(name(index, "running_mean"), constant(0, width));
                buffers.put(name(index, "running_var"), constant(1, width));
            }
            index += 2;
            from = width;
        }
    }

    private static String name(int index, String kind) {
        return "features." + index + "." + kind;
    }

    private void define(String name, double deviation, long... shape) {
        parameters.put(name, constant(0, shape).normal_(0, deviation, new GeneratorOptional()));
    }

    private void defineConstant(String name, double value, long... shape) {
        parameters.put(name, constant(value, shape));
    }

    private static Tensor constant(double value, long... shape) {
        Tensor tensor = torch.empty(shape, new TensorOptions(ScalarType.Float), new MemoryFormatOptional());
        tensor.fill_(new Scalar(value));
        tensor.retainReference();
        return tensor;
    }

    @Override
    public String name() {
        return architecture.name();
    }

    @Override
    public int inputSize() {
        return architecture.inputSize();
    }

    @Override
    public int channels() {
        return architecture.channels();
    }

    @Override
    public int featureCount() {
        return architecture.featureCount();
    }

    @Override
    public Map<String, Tensor> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    @Override
    public Map<String, Tensor> buffers() {
        return Collections.unmodifiableMap(buffers);
    }

    @Override
    public void moveTo(Device device) {
        try (NoGradGuard guard = new NoGradGuard()) {
            parameters.replaceAll((name, tensor) -> moved(tensor, device).requires_grad_(true));
            buffers.replaceAll((name, tensor) -> moved(tensor, device));
        }
    }

    private static Tensor moved(Tensor tensor, Device device) {
        if (tensor.device().equals(device)) {
            return tensor;
        }
        Tensor there = tensor.detach().to(device, ScalarType.Float);
        there.retainReference();
        tensor.close();
        return there;
    }

    @Override
    public Tensor features(Tensor images, boolean training) {
        precision().checkOn(images.is_cuda() ? "cuda" : "cpu");
        allowTf32(precision() == Precision.TF32);
        Tensor x = cast(images.contiguous(MemoryFormat.ChannelsLast));
        int index = 0;
        for (int width : architecture.plan()) {
            if (width == Architecture.POOL) {
                x = torch.max_pool2d(
                        x, new long[] {2, 2}, new long[] {2, 2}, new long[] {0, 0}, new long[] {1, 1}, false);
                index++;
                continue;
            }
            // One grey channel has no order to go by, so the first convolution would leave all others channels-first.
            x = torch.conv2d(x, cast(parameters.get(name(index, "weight"))), bias(index), ONE, ONE, ONE, 1)
                    .contiguous(MemoryFormat.ChannelsLast);
            if (architecture.batchNorm()) {
                x = normalise(x, ++index, training);
            }
            x = torch.relu_(x);
            index += 2;
        }
        return x.to(ScalarType.Float).mean(2, 3);
    }

    /** LibTorch's convolutions take TF32 by themselves unless told not to; what holds now holds in the backward pass, too. */
    private static void allowTf32(boolean allowed) {
        torch.globalContext().setAllowTF32CuDNN(allowed);
        torch.globalContext().setAllowTF32CuBLAS(allowed);
    }

    private TensorOptional bias(int index) {
        Tensor bias = parameters.get(name(index, "bias"));
        return architecture.convolutionBias() ? new TensorOptional(cast(bias)) : new TensorOptional();
    }

    private Tensor normalise(Tensor x, int index, boolean training) {
        return torch.batch_norm(
                x,
                new TensorOptional(parameters.get(name(index, "weight"))),
                new TensorOptional(parameters.get(name(index, "bias"))),
                new TensorOptional(buffers.get(name(index, "running_mean"))),
                new TensorOptional(buffers.get(name(index, "running_var"))),
                training,
                BATCH_NORM_MOMENTUM,
                Architecture.NORMALISATION_EPSILON,
                true);
    }

    private Tensor cast(Tensor tensor) {
        return precision() == Precision.BFLOAT16 ? tensor.to(ScalarType.BFloat16) : tensor;
    }

    @Override
    public Tensor logits(Tensor features, boolean training) {
        Tensor x = architecture.dropout() > 0 ? torch.dropout(features, architecture.dropout(), training) : features;
        return torch.linear(x, parameters.get("head.weight"), new TensorOptional(parameters.get("head.bias")));
    }
}
