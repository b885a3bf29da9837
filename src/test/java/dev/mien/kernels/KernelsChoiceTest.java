package dev.mien.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mien.internal.ChildJvm;
import dev.mien.internal.MienVersion;
import dev.mien.internal.NativeRuntime;
import java.io.File;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the kernels which run are the ones asked for, and that a missing library is an error. */
class KernelsChoiceTest {

    /** Computes one distance over buffers and tells which kernels ran and whether LibTorch is in the process. */
    static final class Application {
        public static void main(String[] arguments) throws IOException {
            Kernels kernels = Kernels.preferred();
            System.out.println("kernels " + kernels.description());
            if (kernels instanceof NativeKernels over) {
                FloatBuffer out = FloatBuffer.allocate(1);
                FloatBuffer a = FloatBuffer.wrap(new float[] {0, 3});
                over.distances(a, 1, FloatBuffer.wrap(new float[] {4, 0}), 1, 2, Distance.EUCLIDEAN, out);
                System.out.println("distance " + out.get(0));
            }
            String maps = Files.readString(Path.of("/proc/self/maps"));
            System.out.println(
                    "library " + maps.contains("libjniNative.so") + ", LibTorch " + maps.contains("libtorch"));
        }
    }

    @Test
    void nativeIsTheDefaultAndNeedsNoLibTorch() throws Exception {
        var outcome = application().run();
        assertEquals(0, outcome.exit(), outcome.output());
        assertTrue(outcome.output().matches("(?s)kernels native \\((serial|avx2|avx512)\\).*"), outcome.output());
        assertTrue(outcome.output().contains("distance 5.0"), outcome.output());
        assertTrue(outcome.output().contains("library true, LibTorch false"), outcome.output());
    }

    @Test
    void torchRunsOnRequest() throws Exception {
        var outcome = application().environment("MIEN_KERNELS", "torch").run();
        assertEquals(0, outcome.exit(), outcome.output());
        assertTrue(outcome.output().startsWith("kernels torch"), outcome.output());
        assertTrue(outcome.output().contains("library false"), outcome.output());
    }

    @Test
    void capsTheInstructionSet() throws Exception {
        var outcome = application().environment("MIEN_MAX_ISA", "serial").run();
        assertTrue(outcome.output().startsWith("kernels native (serial)"), outcome.output());
        assertFails(
                "MIEN_MAX_ISA must be serial, avx2 or avx512, not 'sse9'",
                application().environment("MIEN_MAX_ISA", "sse9"));
    }

    @Test
    void unknownKernelsAreAnError() throws Exception {
        assertFails(
                "MIEN_KERNELS must be torch or native, not 'fast'",
                application().environment("MIEN_KERNELS", "fast"));
    }

    @Test
    void missingLibraryIsAnError() throws Exception {
        assertFails("the native kernels are missing", new ChildJvm(Application.class).classpath(classpath("mien.jar")));
    }

    @Test
    void mainJarHoldsNoLibrary() throws IOException {
        assertEquals(List.of(), libraries("mien.jar"));
        String folder = "dev/mien/internal/linux-x86_64/";
        assertEquals(
                List.of(folder + "libjniNative.so", folder + "libjniNativeCuda.so"), libraries("mien.natives.jar"));
    }

    /** Opens the CUDA library, as a batch on a CUDA device would. */
    static final class CudaApplication {
        public static void main(String[] arguments) {
            System.out.println("opened " + NativeRuntime.loadCuda().version());
        }
    }

    @Test
    void theCudaLibraryIsUnpackedOnceFromAJarOfItsOwn(@TempDir Path cold) throws Exception {
        assumeTrue(new File(jar("mien.cuda.jar")).exists(), "nvcc was not found, so there is no libmien_cuda");
        ChildJvm application = new ChildJvm(CudaApplication.class)
                .classpath(classpath("mien.jar", "mien.natives.jar", "mien.cuda.jar"))
                .option("-Dorg.bytedeco.javacpp.cachedir=" + cold);
        for (int run = 0; run < 2; run++) {
            var outcome = application.run();
            assertEquals("opened " + MienVersion.get(), outcome.output().strip());
        }
        try (Stream<Path> files = Files.walk(cold)) {
            assertEquals(
                    1, files.filter(file -> file.endsWith("libmien_cuda.so")).count());
        }
    }

    @Test
    void aMissingCudaLibraryIsAnError() throws Exception {
        assertFails(
                "the CUDA kernels are missing: build mien where nvcc is",
                new ChildJvm(CudaApplication.class).classpath(classpath("mien.jar", "mien.natives.jar")));
    }

    private static List<String> libraries(String property) throws IOException {
        try (JarFile jar = new JarFile(jar(property))) {
            return jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".so"))
                    .sorted()
                    .toList();
        }
    }

    private static void assertFails(String message, ChildJvm child) throws Exception {
        var outcome = child.run();
        assertEquals(1, outcome.exit(), outcome.output());
        assertTrue(outcome.output().contains(message), outcome.output());
    }

    /** As an application that depends on mien's jar and the one with the natives. */
    private static ChildJvm application() {
        return new ChildJvm(Application.class).classpath(classpath("mien.jar", "mien.natives.jar"));
    }

    /** This JVM's classpath with jars of the build in place of its folders of classes. */
    private static String classpath(String... properties) {
        String classes = Path.of(System.getProperty("mien.classes")).toString();
        String jars =
                Arrays.stream(properties).map(KernelsChoiceTest::jar).collect(Collectors.joining(File.pathSeparator));
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.equals(System.getProperty("mien.cuda.classes")))
                .map(entry -> entry.equals(classes) ? jars : entry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String jar(String property) {
        String path = System.getProperty(property);
        assumeTrue(path != null, property + " is not set: run by Maven, which builds the jars first");
        return path;
    }
}
