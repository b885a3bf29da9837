package dev.mien.internal;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The functions of {@code mien.h}, one line each; shapes, units and errors are said there. Reach it through
 * {@link NativeRuntime#loadKernels()}, which explains itself when the library is missing. {@code std::invalid_argument}
 * arrives as {@link IllegalArgumentException}: JavaCPP throws the exception that a method declares.
 */
@Platform(include = "mien/mien.h", link = "mien#")
@Namespace("mien")
public final class Native {

    private Native() {}

    /** Version of the library. */
    public static native @Cast("const char*") String version();

    /** Instruction set in use: serial, avx2 or avx512. */
    public static native @Name("active_isa") @Cast("const char*") String activeIsa() throws IllegalArgumentException;

    /** Threads one call may use. */
    public static native @Name("set_threads") void setThreads(int threads) throws IllegalArgumentException;

    /** Threads one call may use now. */
    public static native int threads();

    /** All distances between the rows of a (n, d) and b (m, d), into out (n, m). */
    public static native void distances(
            @Cast("const float*") FloatPointer a,
            long n,
            @Cast("const float*") FloatPointer b,
            long m,
            long d,
            int distance,
            FloatPointer out)
            throws IllegalArgumentException;

    /** Measured rate of fused multiply-adds in registers, GFLOP/s. */
    public static native @Name("peak_gflops") double peakGflops(int threads, double seconds)
            throws IllegalArgumentException;
}
