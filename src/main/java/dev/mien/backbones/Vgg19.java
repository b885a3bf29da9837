package dev.mien.backbones;

/**
 * VGG-19's features without batch normalisation, a global average pool and Linear(512, 7): the network of Liman and
 * Kusuma (2024), exactly 20,027,975 parameters. Input 3 x 48 x 48, the grey image three times.
 */
public final class Vgg19 extends ConvolutionalBackbone {

    /** Draws initial weights from {@code seed}. */
    public Vgg19(long seed) {
        super(Architecture.VGG19, seed);
    }
}
