package dev.mien.backbones;

/**
 * VGG-19's features without batch normalisation, a global average pool and Linear(512, 7): the network of Liman and
 * Kusuma (2024), exactly 20,027,975 parameters. Input 3 x 48 x 48, the grey image three times.
 */
public final class Vgg19 extends ConvolutionalBackbone {

    static final int[] PLAN = {
        64, 64, POOL, 128, 128, POOL, 256, 256, 256, 256, POOL, 512, 512, 512, 512, POOL, 512, 512, 512, 512, POOL
    };

    /** Draws initial weights from {@code seed}. */
    public Vgg19(long seed) {
        super(new Architecture("vgg19", 48, 3, PLAN, false, true, 0), seed);
    }
}
