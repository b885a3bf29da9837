package dev.mien.internal;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
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

    /** Ordered pairs (anchor, positive) of valid anchors. */
    public static native @Name("positive_pairs") long positivePairs(
            @Cast("const int64_t*") LongPointer labels,
            long n,
            @Cast("const int64_t*") LongPointer yLabels,
            long m,
            @Cast("const int64_t*") LongPointer self)
            throws IllegalArgumentException;

    /** Per anchor the farthest positive (n) and a window of the nearest negatives (n, w), with their distances. */
    public static native @Name("batch_hard") void batchHard(
            @Cast("const float*") FloatPointer x,
            @Cast("const int64_t*") LongPointer labels,
            long n,
            @Cast("const float*") FloatPointer y,
            @Cast("const int64_t*") LongPointer yLabels,
            long m,
            @Cast("const int64_t*") LongPointer self,
            long d,
            int distance,
            long rankLow,
            long rankHigh,
            @Cast("int64_t*") LongPointer positive,
            @Cast("int64_t*") LongPointer negative,
            FloatPointer positiveDistance,
            FloatPointer negativeDistance)
            throws IllegalArgumentException;

    /** Per anchor the nearest positive (n) and a negative (n). */
    public static native @Name("easy_positive") void easyPositive(
            @Cast("const float*") FloatPointer x,
            @Cast("const int64_t*") LongPointer labels,
            long n,
            @Cast("const float*") FloatPointer y,
            @Cast("const int64_t*") LongPointer yLabels,
            long m,
            @Cast("const int64_t*") LongPointer self,
            long d,
            int distance,
            double margin,
            int choice,
            @Cast("int64_t*") LongPointer positive,
            @Cast("int64_t*") LongPointer negative)
            throws IllegalArgumentException;

    /** For each pair of anchor and positive a negative; returns the number of triplets. */
    public static native @Name("semi_hard") long semiHard(
            @Cast("const float*") FloatPointer x,
            @Cast("const int64_t*") LongPointer labels,
            long n,
            @Cast("const float*") FloatPointer y,
            @Cast("const int64_t*") LongPointer yLabels,
            long m,
            @Cast("const int64_t*") LongPointer self,
            long d,
            int distance,
            double margin,
            int semantics,
            long seed,
            long step,
            long capacity,
            @Cast("int64_t*") LongPointer anchor,
            @Cast("int64_t*") LongPointer positive,
            @Cast("int64_t*") LongPointer negative)
            throws IllegalArgumentException;

    /** Per anchor the number of triplets inside the margin (n). */
    public static native @Name("batch_all_counts") void batchAllCounts(
            @Cast("const float*") FloatPointer x,
            @Cast("const int64_t*") LongPointer labels,
            long n,
            @Cast("const float*") FloatPointer y,
            @Cast("const int64_t*") LongPointer yLabels,
            long m,
            @Cast("const int64_t*") LongPointer self,
            long d,
            int distance,
            double margin,
            @Cast("int64_t*") LongPointer counts)
            throws IllegalArgumentException;

    /** Every triplet inside the margin, or a sample per anchor; returns the number of triplets. */
    public static native @Name("batch_all") long batchAll(
            @Cast("const float*") FloatPointer x,
            @Cast("const int64_t*") LongPointer labels,
            long n,
            @Cast("const float*") FloatPointer y,
            @Cast("const int64_t*") LongPointer yLabels,
            long m,
            @Cast("const int64_t*") LongPointer self,
            long d,
            int distance,
            double margin,
            long cap,
            long seed,
            long step,
            long capacity,
            @Cast("int64_t*") LongPointer anchor,
            @Cast("int64_t*") LongPointer positive,
            @Cast("int64_t*") LongPointer negative)
            throws IllegalArgumentException;

    /** Sum of the batch-all hinge loss (1), its counts (1, 1) and gradient (n, d). */
    public static native @Name("batch_all_loss") void batchAllLoss(
            @Cast("const float*") FloatPointer x,
            @Cast("const int64_t*") LongPointer labels,
            long n,
            long d,
            int distance,
            double margin,
            DoublePointer loss,
            @Cast("int64_t*") LongPointer active,
            @Cast("int64_t*") LongPointer triplets,
            FloatPointer gradient)
            throws IllegalArgumentException;

    /** Per anchor a drawn positive (n) and negative (n). */
    public static native @Name("random_triplets") void randomTriplets(
            @Cast("const int64_t*") LongPointer labels,
            long n,
            @Cast("const int64_t*") LongPointer yLabels,
            long m,
            @Cast("const int64_t*") LongPointer self,
            long seed,
            long step,
            @Cast("int64_t*") LongPointer positive,
            @Cast("int64_t*") LongPointer negative)
            throws IllegalArgumentException;

    /** For each pair of anchor and positive a negative drawn against the density of distances; returns their number. */
    public static native @Name("distance_weighted") long distanceWeighted(
            @Cast("const float*") FloatPointer x,
            @Cast("const int64_t*") LongPointer labels,
            long n,
            @Cast("const float*") FloatPointer y,
            @Cast("const int64_t*") LongPointer yLabels,
            long m,
            @Cast("const int64_t*") LongPointer self,
            long d,
            long seed,
            long step,
            long capacity,
            @Cast("int64_t*") LongPointer anchor,
            @Cast("int64_t*") LongPointer positive,
            @Cast("int64_t*") LongPointer negative)
            throws IllegalArgumentException;

    /** How many of the given triplets (t) are inside the margin. */
    public static native @Name("active_triplets") long activeTriplets(
            @Cast("const float*") FloatPointer x,
            long n,
            @Cast("const float*") FloatPointer y,
            long m,
            long d,
            int distance,
            double margin,
            @Cast("const int64_t*") LongPointer anchor,
            @Cast("const int64_t*") LongPointer positive,
            @Cast("const int64_t*") LongPointer negative,
            long t)
            throws IllegalArgumentException;

    /** What a miner sees: counts (5) and figures (12). */
    public static native @Name("mining_statistics") void miningStatistics(
            @Cast("const float*") FloatPointer x,
            @Cast("const int64_t*") LongPointer labels,
            long n,
            @Cast("const float*") FloatPointer y,
            @Cast("const int64_t*") LongPointer yLabels,
            long m,
            @Cast("const int64_t*") LongPointer self,
            long d,
            int distance,
            double margin,
            @Cast("int64_t*") LongPointer counts,
            DoublePointer figures)
            throws IllegalArgumentException;

    /** Opens a network; the number stands for it until it is closed. */
    public static native @Name("open_network") @Cast("jlong") long openNetwork(
            long channels,
            long height,
            long width,
            @Cast("const int64_t*") LongPointer plan,
            long layers,
            long classes,
            int precision,
            long batch)
            throws IllegalArgumentException;

    /** Sets a convolution: weight (out, in, 3, 3) times scale (out), and shift (out). */
    public static native @Name("set_convolution") void setConvolution(
            @Cast("mien::Network*") long network,
            long index,
            @Cast("const float*") FloatPointer weight,
            @Cast("const double*") DoublePointer scale,
            @Cast("const double*") DoublePointer shift)
            throws IllegalArgumentException;

    /** Sets the head: weight (classes, d), bias (classes). */
    public static native @Name("set_head") void setHead(
            @Cast("mien::Network*") long network,
            @Cast("const float*") FloatPointer weight,
            @Cast("const float*") FloatPointer bias)
            throws IllegalArgumentException;

    /** Images (n, c, h, w) to features (n, d) and logits (n, classes). */
    public static native @Name("run_network") void runNetwork(
            @Cast("mien::Network*") long network,
            @Cast("const float*") FloatPointer images,
            long n,
            int threads,
            FloatPointer features,
            FloatPointer logits)
            throws IllegalArgumentException;

    /** Frees a network that no thread runs. */
    public static native @Name("close_network") void closeNetwork(@Cast("mien::Network*") long network);

    /** Measured rate of fused multiply-adds in registers, GFLOP/s. */
    public static native @Name("peak_gflops") double peakGflops(int threads, double seconds)
            throws IllegalArgumentException;
}
