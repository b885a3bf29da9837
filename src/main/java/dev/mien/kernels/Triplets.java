package dev.mien.kernels;

/**
 * Mined triplets as row numbers into the mined batch, in lexicographic order. Those of a batch on a CUDA device stay
 * there, as long as the PointerScope in which it was mined, and are copied when an array of them is first asked for;
 * {@link TripletTensors} takes them as they are.
 */
public final class Triplets {

    private final int size;
    private final TripletTensors device;
    private volatile long[][] rows;

    /**
     * Triplets in Java memory; {@link IllegalArgumentException} if the parts differ in length.
     *
     * @param anchor (t) rows
     * @param positive (t) rows with the anchor's label, never the anchor itself
     * @param negative (t) rows with another label
     */
    public Triplets(long[] anchor, long[] positive, long[] negative) {
        if (anchor.length != positive.length || anchor.length != negative.length) {
            throw new IllegalArgumentException("anchors, positives and negatives differ in number: %d, %d, %d"
                    .formatted(anchor.length, positive.length, negative.length));
        }
        size = anchor.length;
        device = null;
        rows = new long[][] {anchor, positive, negative};
    }

    /** Triplets on a device. */
    Triplets(TripletTensors device, int size) {
        this.device = device;
        this.size = size;
    }

    /** Number of triplets. */
    public int size() {
        return size;
    }

    /** (t) rows. */
    public long[] anchor() {
        return rows()[0];
    }

    /** (t) rows with the anchor's label, never the anchor itself. */
    public long[] positive() {
        return rows()[1];
    }

    /** (t) rows with another label. */
    public long[] negative() {
        return rows()[2];
    }

    /** These, copied to Java memory if they are not there, so that no PointerScope bounds their life. */
    public Triplets fetched() {
        rows();
        return this;
    }

    /** The tensors that hold them; null where they are in Java memory only. */
    TripletTensors onDevice() {
        return device;
    }

    private long[][] rows() {
        return rows == null ? fetch() : rows;
    }

    private synchronized long[][] fetch() {
        if (rows == null) {
            rows = device.copy();
        }
        return rows;
    }
}
