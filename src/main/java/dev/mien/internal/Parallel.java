package dev.mien.internal;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Plain Java on as many threads as {@link NativeRuntime#threads()} says now; the common pool would take every core. */
public final class Parallel {

    private static ForkJoinPool pool;

    private Parallel() {}

    /** The results of tasks 0..count-1, in this order; which thread runs which task is open. */
    public static <T> List<T> map(int count, IntFunction<T> task) {
        return pool().submit(() ->
                        IntStream.range(0, count).parallel().mapToObj(task).toList())
                .join();
    }

    private static synchronized ForkJoinPool pool() {
        int threads = NativeRuntime.threads();
        if (pool == null || pool.getParallelism() != threads) {
            pool = new ForkJoinPool(threads); // the old one may be at work; idle, its threads end by themselves
        }
        return pool;
    }
}
