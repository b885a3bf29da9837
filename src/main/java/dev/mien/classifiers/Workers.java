package dev.mien.classifiers;

import dev.mien.internal.NativeRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.global.torch;

/**
 * Independent tasks side by side, each with LibTorch on one thread, so that tasks times threads never exceeds the
 * cores.
 */
final class Workers {

    private Workers() {}

    /**
     * Runs tasks 0..count-1 on {@code threads} threads and waits. The first failure is thrown as it is; tasks not begun
     * by then do not run.
     */
    static void run(int threads, int count, IntConsumer task) {
        if (threads <= 1 || count <= 1) {
            for (int i = 0; i < count; i++) {
                task.accept(i);
            }
            return;
        }
        NativeRuntime.load();
        int before = torch.get_num_threads();
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, count));
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                futures.add(pool.submit(() -> {
                    NativeRuntime.setThreads(1); // LibTorch's count is per calling thread
                    task.accept(number);
                }));
            }
            for (Future<?> future : futures) {
                await(future);
            }
        } finally {
            pool.shutdownNow();
            NativeRuntime.setThreads(before);
        }
    }

    private static void await(Future<?> future) {
        try {
            future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while fitting", e);
        }
    }
}
