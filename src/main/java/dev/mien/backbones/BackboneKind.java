package dev.mien.backbones;

import dev.mien.internal.Words;
import java.util.function.LongFunction;

/** The backbones that the command line and model files know by name. */
public enum BackboneKind {
    VGG19(Vgg19::new),
    VGG19_BN(Vgg19Bn::new),
    COMPACT(Compact::new);

    private final LongFunction<Backbone> constructor;

    BackboneKind(LongFunction<Backbone> constructor) {
        this.constructor = constructor;
    }

    /** A new network with weights drawn from {@code seed}; the caller closes it. */
    public Backbone create(long seed) {
        return constructor.apply(seed);
    }

    /** The word used on the command line, such as {@code vgg19-bn}. */
    public String word() {
        return Words.of(this);
    }

    /** Parses a word; {@link IllegalArgumentException} lists the known ones. */
    public static BackboneKind ofWord(String word) {
        return Words.parse(BackboneKind.class, "backbone", word);
    }
}
