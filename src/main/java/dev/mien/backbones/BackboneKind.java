package dev.mien.backbones;

import dev.mien.internal.Words;
import java.util.function.LongFunction;

/** The backbones that the command line and model files know by name. */
public enum BackboneKind {
    VGG19(Architecture.VGG19, Vgg19::new),
    VGG19_BN(Architecture.VGG19_BN, Vgg19Bn::new),
    COMPACT(Architecture.COMPACT, Compact::new);

    private final Architecture architecture;
    private final LongFunction<Backbone> constructor;

    BackboneKind(Architecture architecture, LongFunction<Backbone> constructor) {
        this.architecture = architecture;
        this.constructor = constructor;
    }

    /** A new network with weights drawn from {@code seed}; the caller closes it. */
    public Backbone create(long seed) {
        return constructor.apply(seed);
    }

    /** What the network looks like; loads nothing. */
    public Architecture architecture() {
        return architecture;
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
