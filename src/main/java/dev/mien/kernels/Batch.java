package dev.mien.kernels;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.bytedeco.pytorch.Tensor;

/**
 * What a miner is given: anchors with their labels, and the references they are compared with, which are the anchors
 * themselves unless {@link #against} names others. Values are read where they lie, not copied, each time the batch is
 * mined; keep them as they are meanwhile. Safe to mine from several threads at once.
 */
public final class Batch {

    final Rows anchors;
    final Rows references;
    final int columns;

    /** For each anchor the reference that is the anchor itself, or -1; null for none, or where the two are the same. */
    final long[] self;

    /** Labelled rows: {@link HostRows}, or {@link DeviceRows}, which are copied when Java asks for them. */
    interface Rows {

        int count();

        /** Row-major. */
        FloatBuffer values();

        long[] labels();

        /** The values as an array, without a copy where they are one. */
        default float[] array(int columns) {
            FloatBuffer values = values();
            int size = count() * columns;
            if (values.hasArray() && values.arrayOffset() == 0 && values.array().length == size) {
                return values.array();
            }
            float[] copy = new float[size];
            values.duplicate().get(copy);
            return copy;
        }
    }

    /** Rows in memory that Java can read; {@code owner} keeps it alive. */
    record HostRows(FloatBuffer values, long[] labels, Object owner) implements Rows {

        @Override
        public int count() {
            return labels.length;
        }
    }

    Batch(Rows anchors, Rows references, int columns, long[] self) {
        this.anchors = anchors;
        this.references = references;
        this.columns = columns;
        this.self = self;
    }

    /**
     * Anchors that are their own references.
     *
     * @param values (n, columns) row-major, from the buffer's position to its limit; mined in place where the buffer is
     *     direct and in native byte order, copied natively otherwise
     * @param columns 1 or more
     * @param labels (n), any values
     * @throws IllegalArgumentException if the values do not fill n rows
     */
    public static Batch of(FloatBuffer values, int columns, long[] labels) {
        return new Batch(rows(values, columns, labels, values), null, columns, null);
    }

    /** The same with labels from a buffer, copied from its position to its limit. */
    public static Batch of(FloatBuffer values, int columns, LongBuffer labels) {
        return of(values, columns, array(labels));
    }

    /** The same with values of an array. */
    public static Batch of(float[] values, int columns, long[] labels) {
        return of(FloatBuffer.wrap(values), columns, labels);
    }

    /**
     * The same with tensors; loads LibTorch. Valid as long as the tensors and the PointerScope that is open now.
     *
     * @param embeddings (n, d) float32, bfloat16 or float16; mined where they are, CPU or CUDA device. Contiguous float32
     *     on the CPU is read in place, others there are copied and take at most 2 GiB as float32
     * @param labels (n) int64, copied
     * @throws IllegalArgumentException for another type or shape, or if the numbers of rows differ
     */
    public static Batch of(Tensor embeddings, Tensor labels) {
        Rows rows = TensorRows.of(embeddings, labels);
        return new Batch(rows, null, TensorRows.columns(embeddings), null);
    }

    /**
     * These anchors compared with other rows, such as a memory of earlier batches.
     *
     * @param values (m, columns) row-major, as in {@link #of(FloatBuffer, int, long[])}
     * @param labels (m)
     * @param self (n): for each anchor the reference that is the anchor itself, which is neither its positive nor its
     *     negative, or -1; null if no anchor is among the references
     * @throws IllegalArgumentException if the values do not fill m rows, or naming the first anchor whose self is none
     */
    public Batch against(FloatBuffer values, long[] labels, long[] self) {
        return against(rows(values, columns, labels, values), self);
    }

    /** The same with values of an array. */
    public Batch against(float[] values, long[] labels, long[] self) {
        return against(FloatBuffer.wrap(values), labels, self);
    }

    /** The same with tensors, as in {@link #of(Tensor, Tensor)}; mined on a CUDA device if the anchors are on one, too. */
    public Batch against(Tensor embeddings, Tensor labels, long[] self) {
        if (TensorRows.columns(embeddings) != columns) {
            throw new IllegalArgumentException("the anchors have %d columns and the references %d"
                    .formatted(columns, TensorRows.columns(embeddings)));
        }
        return against(TensorRows.of(embeddings, labels), self);
    }

    private Batch against(Rows rows, long[] self) {
        if (self != null && self.length != anchors()) {
            throw new IllegalArgumentException("%d rows of self for %d anchors".formatted(self.length, anchors()));
        }
        for (int i = 0; self != null && i < self.length; i++) {
            if (self[i] < -1 || self[i] >= rows.count()) {
                throw new IllegalArgumentException(
                        "self of anchor %d is %d, which is none of %d references".formatted(i, self[i], rows.count()));
            }
        }
        return new Batch(anchors, rows, columns, self);
    }

    /** Number of anchors. */
    public int anchors() {
        return anchors.count();
    }

    /** Number of rows that anchors are compared with. */
    public int references() {
        return compared().count();
    }

    /** Throws {@link IllegalArgumentException} naming the first row that is not finite. */
    public void requireFinite() {
        requireFinite("the embeddings", anchors);
        if (references != null) {
            requireFinite("the references", references);
        }
    }

    private void requireFinite(String name, Rows rows) {
        FloatBuffer values = rows.values();
        for (int i = 0; i < values.limit(); i++) {
            if (!Float.isFinite(values.get(i))) {
                throw new IllegalArgumentException("row %d of %s is not finite".formatted(i / columns, name));
            }
        }
    }

    /** Whether any anchor has a reference other than itself. */
    boolean hasPairs() {
        if (references() != 1 || references == null) {
            return anchors() > 0 && references() > 1;
        }
        for (int anchor = 0; anchor < anchors(); anchor++) {
            if (self(anchor) != 0) {
                return true;
            }
        }
        return false;
    }

    /** The references, be they the anchors or others. */
    Rows compared() {
        return references == null ? anchors : references;
    }

    /** The reference that is this anchor itself, or -1. */
    int self(int anchor) {
        if (references == null) {
            return anchor;
        }
        return self == null ? -1 : (int) self[anchor];
    }

    static Rows rows(FloatBuffer values, int columns, long[] labels, Object owner) {
        if (columns < 1) {
            throw new IllegalArgumentException("embeddings need at least 1 column, not " + columns);
        }
        if ((long) labels.length * columns != values.remaining()) {
            throw new IllegalArgumentException(
                    "%d values do not fill %d rows of %d".formatted(values.remaining(), labels.length, columns));
        }
        return new HostRows(values.slice(), labels, owner); // the caller's position may move
    }

    private static long[] array(LongBuffer buffer) {
        long[] copy = new long[buffer.remaining()];
        buffer.duplicate().get(copy);
        return copy;
    }
}
