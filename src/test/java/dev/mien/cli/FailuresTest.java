package dev.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mien.internal.NativeRuntime;
import java.util.concurrent.ExecutionException;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void memoryThatLibTorchCannotHaveIsOneSentence() {
        NativeRuntime.load();
        RuntimeException refused = assertThrows(RuntimeException.class, () -> torch.empty(1L << 50));
        assertEquals("out of memory; give fewer rows or images at a time", Failures.sentence(refused));
    }

    @Test
    void gpuMemoryThatRunsOutIsOneSentence() {
        String advice = "out of GPU memory; give fewer rows or images at a time, or --device cpu";
        RuntimeException allocator = new RuntimeException(
                "CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 139.80 GiB\n"
                        + "Exception raised from malloc at CUDACachingAllocator.cpp:1492");
        assertEquals(advice, Failures.sentence(allocator));
        assertEquals(advice, Failures.sentence(new ExecutionException(allocator)));
        assertEquals(
                advice,
                Failures.sentence(new RuntimeException(
                        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`")));
    }

    @Test
    void whatIsNoShortageOfMemoryStaysAsItIs() {
        assertEquals(
                "RuntimeException: CUDA error: device-side assert triggered",
                Failures.sentence(new RuntimeException("CUDA error: device-side assert triggered\nand more")));
        assertEquals("no memory of it", Failures.sentence(new IllegalArgumentException("no memory of it")));
    }
}
