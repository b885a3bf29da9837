package dev.mien.miners;

import dev.mien.internal.Words;

/**
 * What "semi-hard" means; the field uses one name for all three. dp and dn are the distances to positive and negative. The
 * ordinal is the code that the native library takes.
 */
public enum Semantics {
    /** The nearest negative with dp < dn < dp + margin; the pair is skipped when there is none (Schroff et al., 2015). */
    FACENET,
    /** The nearest negative with dn > dp, else the farthest negative (TensorFlow Addons). */
    TFA,
    /** A uniformly drawn negative with dn < dp + margin; the pair is skipped when there is none. */
    VIOLATING;

    /** The word used on the command line. */
    public String word() {
        return Words.of(this);
    }

    /** The meaning of a word; {@link IllegalArgumentException} listing the known ones otherwise. */
    public static Semantics parse(String word) {
        return Words.parse(Semantics.class, "semantics", word);
    }
}
