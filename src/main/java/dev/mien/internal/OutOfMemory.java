package dev.mien.internal;

import java.util.List;

/** Recognises LibTorch's reports that memory ran out: in Java they are all plain exceptions. */
public final class OutOfMemory {

    private static final List<String> GPU = List.of(
            "CUDA out of memory",
            "CUDA error: out of memory",
            "CUBLAS_STATUS_ALLOC_FAILED",
            "CUDNN_STATUS_ALLOC_FAILED");
    private static final List<String> HOST = List.of(
            "DefaultCPUAllocator: can't allocate memory", "DefaultCPUAllocator: not enough memory", "std::bad_alloc");

    private OutOfMemory() {}

    /** What ran out, {@code GPU memory} or {@code memory}; null if the failure is another. */
    public static String what(Throwable failure) {
        String line = NativeRuntime.firstLine(failure);
        if (GPU.stream().anyMatch(line::contains)) {
            return "GPU memory";
        }
        return HOST.stream().anyMatch(line::contains) ? "memory" : null;
    }
}
