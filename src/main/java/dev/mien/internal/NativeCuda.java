package dev.mien.internal;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.MemberSetter;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * {@code libmien_cuda}, the functions of {@code mien_cuda.h}, one line each; shapes, units and errors are said there. It
 * comes from {@link NativeRuntime#loadCuda()}. Memory of the device is an address here, as nothing in Java may read it.
 */
@Platform(include = "mien/cuda_library.h")
@Namespace("mien")
@Name("CudaLibrary")
public final class NativeCuda extends Pointer {

    /** {@code MienCudaOperation}; the ordinal is its code. */
    public enum Operation {
        DISTANCES,
        BATCH_HARD,
        SEMI_HARD,
        STATISTICS,
        BATCH_ALL_COUNTS,
        BATCH_ALL,
        BATCH_ALL_LOSS,
        EASY_POSITIVE,
        RANDOM,
        DISTANCE_WEIGHTED,
        ACTIVE,
        POSITIVE_PAIRS
    }

    /** {@code MienCudaStatus}; the ordinal is its code. */
    public enum Status {
        GOOD,
        BAD_ANCHOR,
        BAD_REFERENCE,
        BAD_SELF,
        NO_ROOM,
        BAD_TRIPLET
    }

    /** {@code MienCudaRows}, all zeros at first. */
    @Namespace
    @Name("MienCudaRows")
    public static final class Rows extends Pointer {

        /** Of the PointerScope that is open. */
        public Rows() {
            allocate();
        }

        private native void allocate();

        public native @MemberSetter Rows x(@Cast("const void*") long x);

        public native @MemberSetter Rows labels(@Cast("const int64_t*") long labels);

        public native @MemberSetter Rows n(long n);

        public native @MemberSetter Rows y(@Cast("const void*") long y);

        public native @MemberSetter @Name("y_labels") Rows yLabels(@Cast("const int64_t*") long labels);

        public native @MemberSetter Rows m(long m);

        public native @MemberSetter Rows self(@Cast("const int64_t*") long self);

        public native @MemberSetter Rows d(long d);

        public native @MemberSetter Rows type(int type);

        public native @MemberSetter Rows distance(int distance);

        public native @MemberSetter Rows precision(int precision);

        public native @MemberSetter Rows scratch(@Cast("void*") long scratch);

        public native @MemberSetter @Name("scratch_bytes") Rows scratchBytes(long bytes);

        public native @MemberSetter Rows status(@Cast("int64_t*") long status);

        public native @MemberSetter Rows stream(@Cast("void*") long stream);
    }

    /** Opens the library in a file, to the end of the process. */
    NativeCuda(String file) {
        allocate(file);
        retainReference(); // beyond any scope that is open
    }

    private native void allocate(@Cast("const char*") String file) throws IllegalStateException;

    /** Why the last call on this thread returned 1 or 2. */
    public native @Cast("const char*") String message();

    /** Version of the library. */
    public native @Cast("const char*") String version();

    /** Name of a device, or null. */
    public native @Cast("const char*") String device(int index);

    /** Bytes of scratch for an operation, -1 for bad sizes. */
    public native @Name("scratch_bytes") long scratchBytes(@Const Rows rows, int operation, long extra);

    /** All distances, out (n, m) float32. */
    public native int distances(@Const Rows rows, @Cast("float*") long out);

    /** Ordered pairs (anchor, positive) of valid anchors (1). */
    public native @Name("positive_pairs") int positivePairs(@Const Rows rows, @Cast("int64_t*") long pairs);

    /** Per anchor the farthest positive (n) and a window of the nearest negatives (n, w), with their distances. */
    public native @Name("batch_hard") int batchHard(
            @Const Rows rows,
            long rankLow,
            long rankHigh,
            @Cast("int64_t*") long positive,
            @Cast("int64_t*") long negative,
            @Cast("float*") long positiveDistance,
            @Cast("float*") long negativeDistance);

    /** For each pair of anchor and positive a negative. */
    public native @Name("semi_hard") int semiHard(
            @Const Rows rows,
            double margin,
            int semantics,
            long seed,
            long step,
            long capacity,
            @Cast("int64_t*") long anchor,
            @Cast("int64_t*") long positive,
            @Cast("int64_t*") long negative,
            @Cast("int64_t*") long count);

    /** What a miner sees: counts (5) and figures (12). */
    public native @Name("mining_statistics") int miningStatistics(
            @Const Rows rows, double margin, @Cast("int64_t*") long counts, @Cast("double*") long figures);

    /** Per anchor the number of triplets inside the margin (n). */
    public native @Name("batch_all_counts") int batchAllCounts(
            @Const Rows rows, double margin, @Cast("int64_t*") long counts);

    /** Every triplet inside the margin, or a sample per anchor. */
    public native @Name("batch_all") int batchAll(
            @Const Rows rows,
            double margin,
            long cap,
            long seed,
            long step,
            long capacity,
            @Cast("int64_t*") long anchor,
            @Cast("int64_t*") long positive,
            @Cast("int64_t*") long negative,
            @Cast("int64_t*") long count);

    /** Sum of the batch-all hinge loss (1), its counts (1, 1) and gradient (n, d). */
    public native @Name("batch_all_loss") int batchAllLoss(
            @Const Rows rows,
            double margin,
            @Cast("double*") long loss,
            @Cast("int64_t*") long active,
            @Cast("int64_t*") long triplets,
            @Cast("float*") long gradient);

    /** Per anchor the nearest positive (n) and a negative (n). */
    public native @Name("easy_positive") int easyPositive(
            @Const Rows rows,
            double margin,
            int choice,
            @Cast("int64_t*") long positive,
            @Cast("int64_t*") long negative);

    /** Per anchor a drawn positive (n) and negative (n). */
    public native @Name("random_triplets") int randomTriplets(
            @Const Rows rows, long seed, long step, @Cast("int64_t*") long positive, @Cast("int64_t*") long negative);

    /** For each pair of anchor and positive a negative drawn against the density of distances. */
    public native @Name("distance_weighted") int distanceWeighted(
            @Const Rows rows,
            long seed,
            long step,
            long capacity,
            @Cast("int64_t*") long anchor,
            @Cast("int64_t*") long positive,
            @Cast("int64_t*") long negative,
            @Cast("int64_t*") long count);

    /** How many of the given triplets (t) are inside the margin (1). */
    public native @Name("active_triplets") int activeTriplets(
            @Const Rows rows,
            double margin,
            @Cast("const int64_t*") long anchor,
            @Cast("const int64_t*") long positive,
            @Cast("const int64_t*") long negative,
            long t,
            @Cast("int64_t*") long active);
}
