package dev.mien.backbones;

/**
 * A small plain network that trains on two CPU cores: one convolution at full resolution, where it is dearest, and 512
 * features at the pool. Input 1 x 48 x 48.
 */
public final class Compact extends ConvolutionalBackbone {

    private static final int[] PLAN = {32, POOL, 48, POOL, 128, 128, POOL, 256, POOL, 512};

    /** Draws initial weights from {@code seed}. */
    public Compact(long seed) {
        super(new Architecture("compact", 48, 1, PLAN, true, false, 0.2), seed);
    }
}
