package dev.mien.backbones;

import java.util.ArrayList;
import java.util.List;

/**
 * What a plain stack of convolutions looks like. Known without loading LibTorch.
 *
 * @param name word on the command line
 * @param inputSize side of the square input, in pixels
 * @param channels input channels: 1 for grey; 3 where the grey image is repeated
 * @param plan output channels of each 3x3 convolution, {@link #POOL} for a pool; not to be changed
 * @param batchNorm whether a batch normalisation follows each convolution
 * @param convolutionBias whether convolutions have a bias of their own
 * @param dropout probability before the head, while training
 */
public record Architecture(
        String name,
        int inputSize,
        int channels,
        int[] plan,
        boolean batchNorm,
        boolean convolutionBias,
        double dropout) {

    /** In a plan: a 2x2 max pool of stride 2. */
    public static final int POOL = 0;

    /** Outputs of the head, one per expression. */
    public static final int CLASSES = 7;

    /** Added to the variance by a batch normalisation. */
    public static final double NORMALISATION_EPSILON = 1e-5;

    private static final int[] VGG19_PLAN = {
        64, 64, POOL, 128, 128, POOL, 256, 256, 256, 256, POOL, 512, 512, 512, 512, POOL, 512, 512, 512, 512, POOL
    };
    private static final int[] COMPACT_PLAN = {32, POOL, 48, POOL, 128, 128, POOL, 256, POOL, 512};

    static final Architecture VGG19 = new Architecture("vgg19", 48, 3, VGG19_PLAN, false, true, 0);
    static final Architecture VGG19_BN = new Architecture("vgg19-bn", 44, 3, VGG19_PLAN, true, true, 0.5);
    static final Architecture COMPACT = new Architecture("compact", 48, 1, COMPACT_PLAN, true, false, 0.2);

    /**
     * A convolution with its ReLU and what else belongs to it.
     *
     * @param convolution its name, such as {@code features.0}; {@code .weight} and {@code .bias} are its tensors
     * @param normalisation name of the batch normalisation, or null
     * @param in input channels
     * @param out output channels
     * @param pool whether a pool follows
     */
    public record Block(String convolution, String normalisation, int in, int out, boolean pool) {}

    /** The convolutions in their order. Names carry torchvision's index, which counts activations and pools as well. */
    public List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        int index = 0;
        int in = channels;
        for (int i = 0; i < plan.length; i++) {
            if (plan[i] == POOL) {
                index++;
                continue;
            }
            boolean pool = i + 1 < plan.length && plan[i + 1] == POOL;
            String normalisation = batchNorm ? "features." + (index + 1) : null;
            blocks.add(new Block("features." + index, normalisation, in, plan[i], pool));
            index += batchNorm ? 3 : 2;
            in = plan[i];
        }
        return blocks;
    }

    /** Length of a feature vector. */
    public int featureCount() {
        List<Block> blocks = blocks();
        return blocks.get(blocks.size() - 1).out();
    }
}
