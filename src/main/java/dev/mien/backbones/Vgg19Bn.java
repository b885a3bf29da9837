package dev.mien.backbones;

/** VGG-19 with batch normalisation and dropout 0.5 before the head, 20,038,983 parameters. Input 3 x 44 x 44. */
public final class Vgg19Bn extends ConvolutionalBackbone {

    /** Draws initial weights from {@code seed}. */
    public Vgg19Bn(long seed) {
        super(Architecture.VGG19_BN, seed);
    }
}
