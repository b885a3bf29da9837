package dev.mien.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening {@code libmien_cuda}: the one of the build where nvcc was found, and the one for the host that tests use. */
class NativeCudaTest {

    @TempDir
    Path folder;

    @Test
    void theLibraryForTheHostSaysWhatItIs() {
        NativeCuda library = SimtLibrary.open();
        assertEquals(MienVersion.get(), library.version());
        assertEquals("the host", library.device(0));
        assertNull(library.device(1));
        assertEquals("the host is device 0 only", library.message());
    }

    @Test
    void everyOperationHasItsCode() {
        NativeCuda library = SimtLibrary.open();
        try (PointerScope scope = new PointerScope()) {
            NativeCuda.Rows rows = new NativeCuda.Rows().n(4).d(2);
            for (NativeCuda.Operation operation : NativeCuda.Operation.values()) {
                assertTrue(library.scratchBytes(rows, operation.ordinal(), 1) > 0, operation.name());
            }
            int beyond = NativeCuda.Operation.values().length;
            assertEquals(-1, library.scratchBytes(rows, beyond, 1));
            assertEquals("unknown operation code " + beyond, library.message());
        }
    }

    @Test
    void theLibraryOfTheBuildOpensWithoutAGpu() {
        assumeTrue(NativeRuntime.hasCuda(), "nvcc was not found, so there is no libmien_cuda");
        NativeCuda library = NativeRuntime.loadCuda();
        assertSame(library, NativeRuntime.loadCuda());
        assertEquals(MienVersion.get(), library.version());
        if (library.device(0) == null) {
            assertTrue(library.message().startsWith("CUDA: "), library.message());
        }
        assertNull(library.device(99));
        assertNotNull(library.message());
    }

    @Test
    void whatIsNoLibraryIsRefusedInOneSentence() throws Exception {
        File text = Files.writeString(folder.resolve("libmien_cuda.so"), "text").toFile();
        refused("the CUDA kernels do not load: " + text, text);
        refused("no such file", folder.resolve("absent.so").toFile());
        NativeRuntime.loadKernels();
        File another = Loader.cacheResource(NativeRuntime.class, "linux-x86_64/libjniNative.so");
        refused("mien_cuda_message", another);
    }

    private static void refused(String part, File file) {
        String message = assertThrows(IllegalStateException.class, () -> NativeRuntime.openCuda(file))
                .getMessage();
        assertTrue(message.toLowerCase().contains(part.toLowerCase()) && !message.contains("\n"), message);
    }
}
