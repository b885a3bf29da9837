package dev.mien.internal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;

/** The CUDA library's sources compiled for the host (native/test/simt): the same functions over the host's memory. */
public final class SimtLibrary {

    private static NativeCuda library;

    private SimtLibrary() {}

    /** The library, opened once; its calls must not overlap. */
    public static synchronized NativeCuda open() {
        if (library == null) {
            String file = System.getProperty("mien.simt");
            assumeTrue(file != null, "mien.simt is not set: run by Maven, which builds the library first");
            library = NativeRuntime.openCuda(new File(file));
        }
        return library;
    }
}
