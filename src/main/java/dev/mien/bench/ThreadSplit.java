package dev.mien.bench;

import dev.mien.internal.NativeRuntime;
import dev.mien.internal.Words;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** Which of LibTorch's two thread pools gets the threads: they fight when both are large, and the better way varies. */
public enum ThreadSplit {
    /** OpenBLAS has the threads, LibTorch's own pool has one. */
    BLAS,
    /** LibTorch's own pool has the threads, OpenBLAS has one. */
    TORCH,
    /** Both have them. */
    BOTH;

    static {
        NativeRuntime.load();
    }

    /** The ways to split {@code threads}: one way only for a single thread. */
    public static List<ThreadSplit> of(int threads) {
        return threads == 1 ? List.of(BOTH) : Arrays.asList(values());
    }

    /** The way that takes the least time; {@code millis} measures each once it is applied. */
    static ThreadSplit fastest(int threads, ToDoubleFunction<ThreadSplit> millis) {
        ThreadSplit best = null;
        double least = Double.POSITIVE_INFINITY;
        for (ThreadSplit split : of(threads)) {
            split.apply(threads);
            double taken = millis.applyAsDouble(split);
            if (best == null || taken < least) {
                best = split;
                least = taken;
            }
        }
        return best;
    }

    /** Sets both pools. The kernel library's pool is not touched; {@link NativeRuntime#setThreads} resets all. */
    public void apply(int threads) {
        torch.set_num_threads(this == BLAS ? 1 : threads);
        openblas_nolapack.blas_set_num_threads(this == TORCH ? 1 : threads);
    }

    /** Such as {@code blas 2}: the pool that has the threads, and how many. */
    public String describe(int threads) {
        return Words.of(this) + " " + threads;
    }
}
