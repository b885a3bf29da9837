package dev.mien.kernels;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;

/** A {@link Batch} as the native library takes it, for the length of one call, with whatever else the call allocates. */
final class NativeBatch implements AutoCloseable {

    private final PointerScope scope = new PointerScope();
    private final KeptLongs kept = KeptLongs.take();
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
        labels = longs(n).put(batch.anchors.labels(), 0, (int) n);
        yLabels = y == null ? null : longs(m).put(batch.references.labels(), 0, (int) m);
        self = batch.self == null ? null : longs(n).put(batch.self, 0, (int) n);
    }

    private FloatPointer values(Batch.Rows rows) {
        return NativeBuffers.input(rows.values(), rows.count() * d);
    }

    /** Room for {@code size} int64 until this is closed. */
    LongPointer longs(long size) {
        return KeptLongs.room(kept, size);
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
        KeptLongs.release(kept);
        Reference.reachabilityFence(batch); // pointers do not keep the memory of a buffer alive
    }
}
