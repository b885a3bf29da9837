package dev.mien.inference;

import dev.mien.backbones.Architecture;
import dev.mien.backbones.ModelTensors;
import dev.mien.backbones.Precision;
import dev.mien.internal.Native;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;

/** Brings a model into the kernel library, with its batch normalisations folded into the convolutions. */
final class NetworkLoader {

    private NetworkLoader() {}

    /** The number that stands for the network; the caller closes it. */
    static long open(ModelTensors model, Precision precision, int batch) {
        Architecture architecture = model.architecture();
        long[] plan = Arrays.stream(architecture.plan()).asLongStream().toArray();
        long network;
        try (LongPointer layers = new LongPointer(plan)) {
            network = Native.openNetwork(
                    architecture.channels(),
                    architecture.inputSize(),
                    architecture.inputSize(),
                    layers,
                    plan.length,
                    Architecture.CLASSES,
                    precision.ordinal(),
                    batch);
        }
        List<Architecture.Block> blocks = architecture.blocks();
        for (int i = 0; i < blocks.size(); i++) {
            set(network, i, blocks.get(i), model);
        }
        Native.setHead(network, model.values("head.weight"), model.values("head.bias"));
        return network;
    }

    /** Scale and shift per channel: y = (x + bias - mean) / sqrt(variance + epsilon) * weight + bias of the norm. */
    private static void set(long network, int index, Architecture.Block block, ModelTensors model) {
        double[] scale = new double[block.out()];
        double[] shift = new double[block.out()];
        for (int c = 0; c < block.out(); c++) {
            scale[c] = 1;
            shift[c] = model.architecture().convolutionBias()
                    ? model.values(block.convolution() + ".bias").get(c)
                    : 0;
            if (block.normalisation() != null) {
                FloatPointer mean = model.values(block.normalisation() + ".running_mean");
                FloatPointer variance = model.values(block.normalisation() + ".running_var");
                scale[c] = model.values(block.normalisation() + ".weight").get(c)
                        / Math.sqrt(variance.get(c) + Architecture.NORMALISATION_EPSILON);
                shift[c] = (shift[c] - mean.get(c)) * scale[c]
                        + model.values(block.normalisation() + ".bias").get(c);
            }
        }
        try (DoublePointer scales = new DoublePointer(scale);
                DoublePointer shifts = new DoublePointer(shift)) {
            Native.setConvolution(network, index, model.values(block.convolution() + ".weight"), scales, shifts);
        }
    }
}
