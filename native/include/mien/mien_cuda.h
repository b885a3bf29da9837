#pragma once

// The kernel library on NVIDIA GPUs: the operations of mien.h with the same answers, as C functions.
//
// Every pointer of a call is device memory that the caller owns, also `scratch`, of which mien_cuda_scratch_bytes tells
// the size (aligned to 256 bytes). A call enqueues its work on `stream` and returns: it allocates nothing and waits for
// nothing, so that results and `status` may be read once the stream has got there.
//
// A bad argument that the host can see makes a function return 1, enqueue nothing, and mien_cuda_message say why; a
// launch that fails returns 2. What only the device can see goes into `status`; results are undefined then.
//
// Meanings, shapes and units are those of mien.h: distances are compared as a float64 brute force computes them, ties
// go to the lowest row, draws depend on seed, step, anchor and positive alone. Precision changes the speed only: it is
// that of a first pass, which leaves out what its error bound excludes; the rest is settled in float64.

#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

#define MIEN_CUDA_API __attribute__((visibility("default")))

// Codes of MienCudaRows::type.
enum MienCudaType { kMienFloat32 = 0, kMienBfloat16 = 1, kMienFloat16 = 2 };

// Codes of MienCudaRows::precision.
enum MienCudaPrecision { kMienPrecisionFloat32 = 0, kMienPrecisionTf32 = 1, kMienPrecisionBfloat16 = 2 };

// What every operation works on: the anchors x and the references y, as mien.h has them.
typedef struct MienCudaRows {
    const void* x;            // (n, d)
    const int64_t* labels;    // (n); null where an operation needs none
    int64_t n;                // fewer than 2^31
    const void* y;            // (m, d), or null: the anchors are compared with themselves
    const int64_t* y_labels;  // (m)
    int64_t m;                // fewer than 2^31; ignored without y, as y_labels and self are
    const int64_t* self;      // (n) or null
    int64_t d;                // 1..2^20 columns
    int type;                 // MienCudaType of x and y
    int distance;             // mien::Distance
    int precision;            // MienCudaPrecision
    void* scratch;            // device memory, mien_cuda_scratch_bytes of it
    int64_t scratch_bytes;
    int64_t* status;  // (2) device memory: a MienCudaStatus and the row it names
    void* stream;     // a cudaStream_t
} MienCudaRows;

// What status[0] says once the work is done.
enum MienCudaStatus {
    kMienGood = 0,
    kMienBadAnchor = 1,     // row status[1] of x holds a NaN or an infinity
    kMienBadReference = 2,  // row status[1] of y does
    kMienBadSelf = 3,       // self of anchor status[1] is no row of y
    kMienNoRoom = 4,        // status[1] triplets do not fit the capacity
    kMienBadTriplet = 5     // triplet status[1] names a row that does not exist
};

// The operations, for mien_cuda_scratch_bytes. What `extra` is: the most triplets for those that list them
// (capacity), rank_high for batch-hard, else 0.
enum MienCudaOperation {
    kMienDistances = 0,
    kMienBatchHard = 1,
    kMienSemiHard = 2,
    kMienStatistics = 3,
    kMienBatchAllCounts = 4,
    kMienBatchAll = 5,
    kMienBatchAllLoss = 6,
    kMienEasyPositive = 7,
    kMienRandom = 8,
    kMienDistanceWeighted = 9,
    kMienActive = 10,
    kMienPositivePairs = 11
};

// Why the last call on this thread returned 1 or 2.
MIEN_CUDA_API const char* mien_cuda_message(void);

// Version of the library, such as "0.1.0".
MIEN_CUDA_API const char* mien_cuda_version(void);

// Name of the device at this index, from 0, such as "NVIDIA H200", until the next call on this thread; null where there
// is none, and mien_cuda_message says why.
MIEN_CUDA_API const char* mien_cuda_device(int index);

// Bytes of scratch for an operation on rows of these sizes (of `rows` n, y, m, d, type, distance and precision
// count, of y only whether it is null); O((n + m) d + n + m + extra) and 320 MB at most beside that. -1 for bad sizes.
MIEN_CUDA_API int64_t mien_cuda_scratch_bytes(const MienCudaRows* rows, int operation, int64_t extra);

// out (n, m) float32. Labels may be null.
MIEN_CUDA_API int mien_cuda_distances(const MienCudaRows* rows, float* out);

// The pairs of mien::positive_pairs into pairs (1). Rows may be null.
MIEN_CUDA_API int mien_cuda_positive_pairs(const MienCudaRows* rows, int64_t* pairs);

// positive (n), negative (n, window); positive_distance, negative_distance: float32 of these shapes, or null.
MIEN_CUDA_API int mien_cuda_batch_hard(const MienCudaRows* rows, int64_t rank_low, int64_t rank_high, int64_t* positive,
                                       int64_t* negative, float* positive_distance, float* negative_distance);

// anchor, positive, negative (capacity), room for every pair; count (1): the triplets found.
MIEN_CUDA_API int mien_cuda_semi_hard(const MienCudaRows* rows, double margin, int semantics, int64_t seed,
                                      int64_t step, int64_t capacity, int64_t* anchor, int64_t* positive,
                                      int64_t* negative, int64_t* count);

// counts (5), figures (12).
MIEN_CUDA_API int mien_cuda_mining_statistics(const MienCudaRows* rows, double margin, int64_t* counts,
                                              double* figures);

// counts (n).
MIEN_CUDA_API int mien_cuda_batch_all_counts(const MienCudaRows* rows, double margin, int64_t* counts);

// anchor, positive, negative (capacity); count (1).
MIEN_CUDA_API int mien_cuda_batch_all(const MienCudaRows* rows, double margin, int64_t cap, int64_t seed, int64_t step,
                                      int64_t capacity, int64_t* anchor, int64_t* positive, int64_t* negative,
                                      int64_t* count);

// loss, active, triplets (1 each), gradient (n, d) float32 or null. Without y.
MIEN_CUDA_API int mien_cuda_batch_all_loss(const MienCudaRows* rows, double margin, double* loss, int64_t* active,
                                           int64_t* triplets, float* gradient);

// positive (n), negative (n).
MIEN_CUDA_API int mien_cuda_easy_positive(const MienCudaRows* rows, double margin, int choice, int64_t* positive,
                                          int64_t* negative);

// positive (n), negative (n). Rows may be null.
MIEN_CUDA_API int mien_cuda_random_triplets(const MienCudaRows* rows, int64_t seed, int64_t step, int64_t* positive,
                                            int64_t* negative);

// anchor, positive, negative (capacity), room for every pair; count (1). Whatever the rows' distance says. Weights are
// those of the device's logarithm, so that a draw within 1e-12 of the border of two negatives may take the other one.
MIEN_CUDA_API int mien_cuda_distance_weighted(const MienCudaRows* rows, int64_t seed, int64_t step, int64_t capacity,
                                              int64_t* anchor, int64_t* positive, int64_t* negative, int64_t* count);

// anchor, positive, negative (t): the triplets given; active (1): how many have dn < dp + margin.
MIEN_CUDA_API int mien_cuda_active_triplets(const MienCudaRows* rows, double margin, const int64_t* anchor,
                                            const int64_t* positive, const int64_t* negative, int64_t t,
                                            int64_t* active);

#if defined(__cplusplus)
}
#endif
