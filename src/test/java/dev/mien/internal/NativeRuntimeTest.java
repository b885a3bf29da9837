package dev.mien.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeRuntimeTest {

    @TempDir
    Path folder;

    @AfterEach
    void restoreThreads() {
        NativeRuntime.setThreads(Runtime.getRuntime().availableProcessors());
    }

    /** Loads LibTorch as mien does and computes with it. */
    static final class Load {
        public static void main(String[] arguments) {
            NativeRuntime.load();
            System.out.println("sum " + torch.ones(3, 4).sum().item_float());
        }
    }

    /** Loads LibTorch as JavaCPP does when left alone. */
    static final class NaiveLoad {
        public static void main(String[] arguments) {
            Loader.load(torch.class);
            System.out.println("sum " + torch.ones(3, 4).sum().item_float());
        }
    }

    /**
     * A decoy where the dynamic linker looks first stands for a LibTorch of the system (with Debian's libtorch-dev, the
     * naive load crashes the process from a cold cache). The naive load must fall for it, or this proves nothing.
     */
    @Test
    void loadsFromColdCacheBesideAnotherLibTorch() throws Exception {
        Path decoys = Files.createDirectory(folder.resolve("decoys"));
        try (InputStream anyLibrary = Native.class.getResourceAsStream("linux-x86_64/libjniNative.so")) {
            Files.copy(anyLibrary, decoys.resolve("libtorch_cpu.so"));
        }
        var naive = new ChildJvm(NaiveLoad.class)
                .environment("LD_LIBRARY_PATH", decoys.toString())
                .run();
        assertNotEquals(0, naive.exit(), "the decoy does not work, so this test proves nothing");
        var ours = new ChildJvm(Load.class)
                .option("-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cold"))
                .environment("LD_LIBRARY_PATH", decoys.toString())
                .run();
        assertEquals(0, ours.exit(), ours.output());
        assertTrue(ours.output().contains("sum 12.0"), ours.output());
    }

    @Test
    void refusesCpuAndGpuLibTorchTogether() throws Exception {
        Path gpu = folder.resolve("org/bytedeco/pytorch/linux-x86_64-gpu/libtorch_cpu.so");
        Files.createDirectories(gpu.getParent());
        Files.writeString(gpu, "");
        var outcome = new ChildJvm(Load.class)
                .classpath(System.getProperty("java.class.path") + File.pathSeparator + folder)
                .run();
        assertEquals(1, outcome.exit(), outcome.output());
        assertTrue(
                outcome.output().contains("both the CPU and the GPU LibTorch are on the classpath"), outcome.output());
    }

    @Test
    void refusesOtherPlatformsInOneSentence() throws Exception {
        var outcome = new ChildJvm(Load.class)
                .option("-Dorg.bytedeco.javacpp.platform=macosx-arm64")
                .run();
        assertEquals(1, outcome.exit(), outcome.output());
        assertTrue(
                outcome.output().contains("Linux on x86-64 only (linux-x86_64), not on macosx-arm64"),
                outcome.output());
    }

    @Test
    void boundsEveryPool() {
        NativeRuntime.load();
        NativeRuntime.loadKernels();
        NativeRuntime.setThreads(1);
        assertEquals(1, torch.get_num_threads());
        assertEquals(1, Native.threads());
        assertEquals(1, NativeRuntime.threads());
        double one = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 3; i++) { // the least: the JIT and the collector run beside it
            one = Math.min(one, processorsUsed());
        }
        assertTrue(one < 1.2, "one thread allowed, " + one + " processors used");
        for (int wrong : new int[] {0, -3, 1025}) {
            String message = assertThrows(IllegalArgumentException.class, () -> NativeRuntime.setThreads(wrong))
                    .getMessage();
            assertEquals("threads must be 1..1024, not " + wrong, message);
        }
    }

    /** Processor time over wall time of matrix products large enough to wake OpenBLAS's own pool. */
    private static double processorsUsed() {
        var os = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (PointerScope scope = new PointerScope()) {
            Tensor a = torch.randn(1024, 1024);
            a.mm(a);
            long cpu = os.getProcessCpuTime();
            long wall = System.nanoTime();
            for (int i = 0; i < 4; i++) {
                a.mm(a);
            }
            wall = System.nanoTime() - wall;
            return (os.getProcessCpuTime() - cpu) / (double) wall;
        }
    }

    @Test
    void keepsTheFirstLineOfLibTorchsErrors() {
        NativeRuntime.load();
        try (PointerScope scope = new PointerScope()) {
            Tensor three = torch.ones(3);
            Tensor four = torch.ones(4);
            RuntimeException error = assertThrows(RuntimeException.class, () -> three.add(four));
            assertTrue(error.getMessage().lines().count() > 1, "no backtrace to cut: " + error.getMessage());
            String line = NativeRuntime.firstLine(error);
            assertTrue(line.startsWith("The size of tensor a (3) must match"), line);
            assertFalse(line.contains("\n"));
        }
        assertEquals("NullPointerException", NativeRuntime.firstLine(new NullPointerException()));
    }
}
