package dev.mien.kernels;

import java.util.Arrays;

/** Collects the triplets of consecutive anchors, and how many of them are active. */
public final class TripletSink {

    static final int LARGEST = Integer.MAX_VALUE - 8;

    private final double margin;
    private Anchor current;
    private int[] anchors = new int[64];
    private int[] positives = new int[64];
    private int[] negatives = new int[64];
    private int size;
    private long active;

    TripletSink(double margin) {
        this.margin = margin;
    }

    /** Adds (current anchor, positive, negative). */
    public void add(int positive, int negative) {
        if (size == anchors.length) {
            grow();
        }
        anchors[size] = current.row();
        positives[size] = positive;
        negatives[size++] = negative;
        if (current.distance(negative) < current.distance(positive) + margin) {
            active++;
        }
    }

    void moveTo(Anchor anchor) {
        current = anchor;
    }

    /** Ends the collection: lets go of the last anchor, which holds a block of distances. */
    void close() {
        current = null;
    }

    int size() {
        return size;
    }

    long active() {
        return active;
    }

    /** Copies the collected triplets behind the first {@code offset} of the three arrays. */
    void copyTo(long[] anchor, long[] positive, long[] negative, int offset) {
        for (int i = 0; i < size; i++) {
            anchor[offset + i] = anchors[i];
            positive[offset + i] = positives[i];
            negative[offset + i] = negatives[i];
        }
    }

    private void grow() {
        if (size == LARGEST) {
            throw tooMany();
        }
        int larger = (int) Math.min(LARGEST, 2L * size);
        anchors = Arrays.copyOf(anchors, larger);
        positives = Arrays.copyOf(positives, larger);
        negatives = Arrays.copyOf(negatives, larger);
    }

    static IllegalArgumentException tooMany() {
        return new IllegalArgumentException(
                "more than %d triplets: lower the margin or set a cap per anchor".formatted(LARGEST));
    }

    /** The sinks one after another. */
    static Triplets join(Iterable<TripletSink> sinks) {
        long total = 0;
        for (TripletSink sink : sinks) {
            total += sink.size;
        }
        if (total > LARGEST) {
            throw tooMany();
        }
        long[] anchor = new long[(int) total];
        long[] positive = new long[(int) total];
        long[] negative = new long[(int) total];
        int offset = 0;
        for (TripletSink sink : sinks) {
            sink.copyTo(anchor, positive, negative, offset);
            offset += sink.size;
        }
        return new Triplets(anchor, positive, negative);
    }
}
