package dev.mien.kernels;

import org.bytedeco.javacpp.LongPointer;

/** Native memory for int64 that the calls of a thread reuse, as each allocation costs 5 us: 128 KB per thread. */
final class KeptLongs {

    private static final long SIZE = 1 << 14;
    private static final ThreadLocal<KeptLongs> OF_THREAD = ThreadLocal.withInitial(KeptLongs::new);

    // Beyond any scope that is open when a thread first calls.
    private final LongPointer memory = new LongPointer(SIZE).retainReference();
    private long used = SIZE;

    private KeptLongs() {}

    /** The thread's memory, to be {@link #release released}; null where a call of the same thread holds it. */
    static KeptLongs take() {
        KeptLongs kept = OF_THREAD.get();
        if (kept.used < SIZE) {
            return null;
        }
        kept.used = 0;
        return kept;
    }

    /** Room for {@code size} values until the memory is released; allocated for the open scope where none is left. */
    static LongPointer room(KeptLongs kept, long size) {
        if (kept == null || size >= SIZE - kept.used) {
            return new LongPointer(size);
        }
        LongPointer room = kept.memory.getPointer(kept.used);
        kept.used += size;
        return room;
    }

    static void release(KeptLongs kept) {
        if (kept != null) {
            kept.used = SIZE;
        }
    }
}
