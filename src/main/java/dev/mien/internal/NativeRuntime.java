package dev.mien.internal;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * The one place that loads native code, LibTorch and the kernel library apart from each other, and that bounds every
 * thread pool in the process. Every class that touches LibTorch calls {@link #load()} first.
 */
public final class NativeRuntime {

    private static final String PLATFORM = "linux-x86_64";
    private static final String CUDA_LIBRARY = PLATFORM + "/libmien_cuda.so";
    private static final int MAX_THREADS = 1024;

    private static boolean torchLoaded;
    private static boolean kernelsLoaded;
    private static NativeCuda cuda;
    private static int threads = Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS);

    private NativeRuntime() {}

    /**
     * Loads LibTorch once; safe to call from any thread, any number of times.
     *
     * @throws UnsupportedOperationException on another platform than Linux on x86-64
     * @throws IllegalStateException if LibTorch is missing, comes twice (CPU and GPU), or does not load
     */
    public static synchronized void load() {
        if (torchLoaded) {
            return;
        }
        requirePlatform();
        String folder = torchFolder();
        try {
            Loader.load(openblas_nolapack.class);
            openInOrder(folder);
            Loader.load(torch.class);
        } catch (LinkageError e) {
            // JavaCPP searches java.library.path last and reports that; what failed first is the cause.
            Throwable reason = e.getCause() == null ? e : e.getCause();
            String needs = folder.endsWith("-gpu/") ? "; for GPUs it needs CUDA 13 and cuDNN 9 on LD_LIBRARY_PATH" : "";
            throw new IllegalStateException("LibTorch does not load: " + firstLine(reason) + needs, e);
        } catch (IOException e) {
            throw new UncheckedIOException("LibTorch cannot be unpacked: " + firstLine(e), e);
        }
        torchLoaded = true;
        boundTorch();
    }

    /**
     * Loads the kernel library once, and LibTorch not at all.
     *
     * @throws UnsupportedOperationException on another platform than Linux on x86-64
     * @throws IllegalStateException if the library is missing or does not load
     */
    public static synchronized void loadKernels() {
        if (kernelsLoaded) {
            return;
        }
        requirePlatform();
        if (Native.class.getResource(PLATFORM + "/libjniNative.so") == null) {
            throw new IllegalStateException("the native kernels are missing: put mien's jar with classifier " + PLATFORM
                    + " on the classpath, or set MIEN_KERNELS=torch");
        }
        try {
            Loader.load(Native.class);
        } catch (LinkageError e) {
            // JavaCPP searches java.library.path last and reports that; what failed first is the cause.
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("the native kernels do not load: " + firstLine(reason), e);
        }
        kernelsLoaded = true;
        Native.setThreads(threads);
    }

    /** Whether the CUDA kernels are on the classpath; they are built where nvcc is found. */
    public static boolean hasCuda() {
        return NativeRuntime.class.getResource(CUDA_LIBRARY) != null;
    }

    /**
     * The CUDA kernels, opened once; what finds a tensor on a CUDA device asks for them, and nothing before.
     *
     * @throws IllegalStateException if the library is missing or does not load
     */
    public static synchronized NativeCuda loadCuda() {
        if (cuda != null) {
            return cuda;
        }
        if (!hasCuda()) {
            throw new IllegalStateException("the CUDA kernels are missing: build mien where nvcc is, put its jar with"
                    + " classifier " + PLATFORM + "-cuda on the classpath, or set MIEN_KERNELS=torch");
        }
        try {
            cuda = openCuda(Loader.cacheResource(NativeRuntime.class, CUDA_LIBRARY));
        } catch (IOException e) {
            throw new UncheckedIOException("the CUDA kernels cannot be unpacked: " + firstLine(e), e);
        }
        return cuda;
    }

    /** The CUDA kernels of a file. */
    static NativeCuda openCuda(File library) {
        loadKernels(); // whose jar holds the glue
        try {
            Loader.load(NativeCuda.class);
            return new NativeCuda(library.getPath());
        } catch (LinkageError | IllegalStateException e) {
            throw new IllegalStateException("the CUDA kernels do not load: " + firstLine(e), e);
        }
    }

    /**
     * Bounds LibTorch's pool and the kernel library's to {@code count} threads each, and LibTorch's OpenBLAS to one, so
     * that no two pools compete for cores. What is not loaded yet is bounded when it is.
     *
     * @param count threads, 1..1024
     */
    public static synchronized void setThreads(int count) {
        if (count < 1 || count > MAX_THREADS) {
            throw new IllegalArgumentException("threads must be 1.." + MAX_THREADS + ", not " + count);
        }
        threads = count;
        if (torchLoaded) {
            boundTorch();
        }
        if (kernelsLoaded) {
            Native.setThreads(count);
        }
    }

    /** Threads that one operation may use; at first the processors of the machine. */
    public static synchronized int threads() {
        return threads;
    }

    /** First line of an error's message; LibTorch appends fifteen lines of C++ backtrace that help no user. */
    public static String firstLine(Throwable error) {
        String message = error.getMessage();
        if (message == null || message.isBlank()) {
            return error.getClass().getSimpleName();
        }
        return message.strip().lines().findFirst().orElseThrow().strip();
    }

    private static void boundTorch() {
        torch.set_num_threads(threads);
        // OpenBLAS has a pool of its own that set_num_threads does not reach.
        openblas_nolapack.blas_set_num_threads(1);
    }

    private static void requirePlatform() {
        if (!Loader.getPlatform().equals(PLATFORM)) {
            throw new UnsupportedOperationException(
                    "mien runs on Linux on x86-64 only (" + PLATFORM + "), not on " + Loader.getPlatform());
        }
    }

    /** Resource folder of the one LibTorch on the classpath. */
    private static String torchFolder() {
        String cpu = "/org/bytedeco/pytorch/" + PLATFORM + "/";
        String gpu = "/org/bytedeco/pytorch/" + PLATFORM + "-gpu/";
        boolean hasCpu = torch.class.getResource(cpu + "libtorch_cpu.so") != null;
        boolean hasGpu = torch.class.getResource(gpu + "libtorch_cpu.so") != null;
        if (hasCpu && hasGpu) { // JavaCPP would load parts of both, and the process would abort
            throw new IllegalStateException(("both the CPU and the GPU LibTorch are on the classpath: keep either"
                            + " org.bytedeco:pytorch:%s or org.bytedeco:pytorch:%s-gpu")
                    .formatted(PLATFORM, PLATFORM));
        }
        if (!hasCpu && !hasGpu) {
            throw new IllegalStateException(
                    "LibTorch is missing: put org.bytedeco:pytorch with classifier " + PLATFORM + " on the classpath");
        }
        return hasGpu ? gpu : cpu;
    }

    /**
     * Opens LibTorch's libraries, dependencies first, all unpacked beforehand. JavaCPP alone opens libtorch.so before
     * libtorch_cpu.so lies beside it; the dynamic linker then completes it with a libtorch_cpu.so of the system, and two
     * LibTorch in one process crash. A library that is open already under its name is never searched for.
     */
    private static void openInOrder(String folder) throws IOException {
        String[] names = {"libgomp.so.1", "libc10.so", "libtorch_cpu.so", "libtorch.so"};
        File[] files = new File[names.length];
        for (int i = 0; i < names.length; i++) {
            files[i] = Loader.cacheResource(torch.class, folder + names[i]);
        }
        if (folder.endsWith("-gpu/")) {
            return; // its libraries need CUDA's, which JavaCPP finds and opens first
        }
        for (int i = 0; i < names.length; i++) {
            Loader.loadLibrary(torch.class, new URL[] {files[i].toURI().toURL()}, names[i]);
        }
    }
}
