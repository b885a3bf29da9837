package dev.mien.backbones;

/**
 * What the images look like that a network gets to see whose first weights were learned on ImageNet.
 *
 * <p>torchvision's weights expect RGB values (x - {@link #mean}) / {@link #deviation} with x in 0..1, per channel.
 */
public enum WeightsScaling {

    /**
     * The network is given normalised images: the weights are used as they are, or summed over the input channels
     * where it has one grey channel. Summing is exact for an image whose three channels are equal after
     * normalisation.
     */
    NORMALISED,

    /**
     * The network is given values 0..1: normalisation is folded into the first convolution, w/deviation and
     * bias - sum(w mean/deviation), for three equal channels or one grey channel alike. Exact except in the outermost
     * ring of pixels, where zero padding now stands for black instead of for the mean colour.
     */
    UNIT;

    private static final double[] MEAN = {0.485, 0.456, 0.406};
    private static final double[] DEVIATION = {0.229, 0.224, 0.225};

    /** torchvision's ImageNet mean of channel 0 (red), 1 (green) or 2 (blue), for values 0..1. */
    public static double mean(int channel) {
        return MEAN[channel];
    }

    /** torchvision's ImageNet standard deviation of channel 0 (red), 1 (green) or 2 (blue), for values 0..1. */
    public static double deviation(int channel) {
        return DEVIATION[channel];
    }
}
