package dev.mien.kernels;

/**
 * Mined triplets as row numbers into the mined batch, in lexicographic order.
 *
 * @param anchor (t) rows
 * @param positive (t) rows with the anchor's label, never the anchor itself
 * @param negative (t) rows with another label
 */
public record Triplets(long[] anchor, long[] positive, long[] negative) {

    /** Checks that the parts agree in length; {@link IllegalArgumentException} otherwise. */
    public Triplets {
        if (anchor.length != positive.length || anchor.length != negative.length) {
            throw new IllegalArgumentException("anchors, positives and negatives differ in number: %d, %d, %d"
                    .formatted(anchor.length, positive.length, negative.length));
        }
    }

    /** Number of triplets. */
    public int size() {
        return anchor.length;
    }
}
