package dev.mien.internal;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** The one place that loads LibTorch and sizes its thread pools. Every class that touches LibTorch calls {@link #load()} first. */
public final class NativeRuntime {

    private static boolean loaded;

    private NativeRuntime() {}

    /** Loads LibTorch once; safe to call from any thread, any number of times. */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        // All three must lie unpacked side by side before the first is opened: otherwise the dynamic linker
        // completes libtorch.so with a system libtorch_cpu.so, and two LibTorch in one process crash.
        for (String library : new String[] {"c10", "torch_cpu", "torch"}) {
            try {
                Loader.cacheResource(org.bytedeco.pytorch.presets.torch.class,
                        "/org/bytedeco/pytorch/" + Loader.getPlatform() + "/lib" + library + ".so");
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException("cannot unpack lib" + library + ".so", e);
            }
        }
        Loader.load(torch.class);
        loaded = true;
        setThreads(Runtime.getRuntime().availableProcessors());
    }

    /** Bounds LibTorch's pool to {@code threads} and its OpenBLAS to one, so that the two never compete for cores. */
    public static synchronized void setThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
        load();
        torch.set_num_threads(threads);
        openblas_nolapack.blas_set_num_threads(1);
    }
}
