package dev.mien.backbones;

/**
 * A small plain network that trains on two CPU cores: one convolution at full resolution, where it is dearest, and 512
 * features at the pool. Input 1 x 48 x 48.
 */
public final class Compact extends ConvolutionalBackbone {

    /** Draws initial weights from {@code seed}. */
    public Compact(long seed) {
        super(Architecture.COMPACT, seed);
    }
}
