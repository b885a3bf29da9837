package dev.mien.kernels;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;

/** A {@link Batch} as the native library takes it, for the length of one call, with whatever else the call allocates. */
final class NativeBatch implements AutoCloseable {

    private final PointerScope scope = new PointerScope();
    private final Batch batch;

    final FloatPointer x;
    final LongPointer labels;
    final long n;
    final FloatPointer y;
    final LongPointer yLabels;
    final long m;
    final LongPointer self;
    final long d;

    NativeBatch(Batch batch) {
        this.batch = batch;
        d = batch.columns;
        n = batch.anchors();
        m = batch.references();
        x = values(batch.anchors);
        y = batch.references == null ? null : values(batch.references);
        // One allocation for all, as each costs 5 us.
        int yCount = batch.references == null ? 0 : batch.references();
        int selfCount = batch.self == null ? 0 : batch.self.length;
        labels = new LongPointer(n + yCount + selfCount).put(batch.anchors.labels(), 0, (int) n);
        yLabels = y == null ? null : at(labels, n).put(batch.references.labels(), 0, yCount);
        self = selfCount == 0 ? null : at(labels, n + yCount).put(batch.self, 0, selfCount);
    }

    private FloatPointer values(Batch.Rows rows) {
        return NativeBuffers.input(rows.values(), rows.count() * d);
    }

    /** Room for {@code size} int64. */
    static LongPointer longs(long size) {
        return new LongPointer(size);
    }

    /** The part of a pointer's memory from the {@code index}-th value on. */
    static LongPointer at(LongPointer pointer, long index) {
        return pointer.getPointer(index);
    }

    /** The {@code count} values from the {@code index}-th on. */
    static long[] array(LongPointer pointer, long index, int count) {
        long[] values = new long[count];
        at(pointer, index).get(values, 0, count);
        return values;
    }

    @Override
    public void close() {
        scope.close();
        Reference.reachabilityFence(batch); // pointers do not keep the memory of a buffer alive
    }
}
