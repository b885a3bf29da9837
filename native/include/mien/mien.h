#pragma once

// The kernel library: free functions over memory that the caller owns.
//
// Matrices are dense and row-major, float32, sizes int64. Every function may be called from any thread and none keeps
// a pointer after it returns. A bad argument throws std::invalid_argument with one sentence that names the value or
// the row; nothing is written then.

#include <cstdint>

#define MIEN_API __attribute__((visibility("default")))

namespace mien {

// Codes of `distance` below, in the order of dev.mien.kernels.Distance. Always: smaller is closer.
enum Distance : int {
    kEuclidean = 0,         // sqrt(sum (a - b)^2)
    kSquaredEuclidean = 1,  // sum (a - b)^2
    kManhattan = 2,         // sum |a - b|
    kCosine = 3,            // 1 - cos(a, b), in 0..2; a zero vector is at 1 from everything
};

// Version of the library, such as "0.1.0".
MIEN_API const char* version();

// The instruction set the kernels use: "serial" (baseline x86-64), "avx2" or "avx512": the best that the CPU has and
// the environment variable MIEN_MAX_ISA, one of those words, allows. Throws if MIEN_MAX_ISA is anything else.
MIEN_API const char* active_isa();

// Threads that one call may use, 1..1024, for the whole process; at first the CPUs this process may run on.
MIEN_API void set_threads(int threads);
MIEN_API int threads();

// out[i, j] = distance between row i of a and row j of b, accurate to 1e-6 relative, and the same on every instruction
// set and number of threads. A distance beyond the range of float32 is infinity.
//   a (n, d), b (m, d), out (n, m); n and m may be 0, then their pointers may be null; d is at least 1
// Throws if a row of a or b holds a NaN or an infinity, naming the first.
MIEN_API void distances(const float* a, int64_t n, const float* b, int64_t m, int64_t d, int distance, float* out);

// ---- Mining ----
//
// Every miner takes anchors x (n, d) with labels (n) and what they are compared with, the references:
//   y == nullptr: the anchors themselves. y_labels, m and self are ignored; row i is never its own positive.
//   otherwise:    y (m, d) with y_labels (m), for cross-batch memory. self (n), or null for none, holds for each anchor
//                 the row of y that is the anchor itself, or -1; that row is neither its positive nor its negative.
// A positive is a reference with the anchor's label, a negative one with another label; labels are any int64. Selected
// rows are rows of the references. An anchor is valid when it has at least one positive and one negative; others are
// left out. dp and dn are the distances of an anchor to its positive and its negative.
//
// Exact: distances are compared as a float64 brute force computes them, differences summed in order of columns (cosine:
// half the squared distance of the rows divided by their norms; Euclidean: with the square root); ties go to the lowest
// row. The selected rows are the same on every instruction set and number of threads. Draws depend on seed, step,
// anchor and positive alone. Memory is O((n + m) d) beside the result: no matrix of distances is stored.
//
// A miner throws as distances does, and if m or n is 2^31 or more, an anchor's self is no row of y, the margin is
// negative or NaN (infinity is allowed), or the result holds more than `capacity` triplets.

// Codes of `semantics` below, in the order of dev.mien.miners.Semantics.
enum Semantics : int {
    kFacenet = 0,    // the nearest negative with dp < dn < dp + margin; the pair is skipped when there is none
    kTfa = 1,        // the nearest negative with dn > dp, else the farthest negative
    kViolating = 2,  // a uniformly drawn negative with dn < dp + margin; the pair is skipped when there is none
};

// Codes of `choice` below, in the order of dev.mien.miners.NegativeChoice.
enum NegativeChoice : int {
    kHard = 0,      // the nearest negative
    kSemiHard = 1,  // the nearest negative with dp < dn < dp + margin; the anchor is skipped when there is none
};

// Ordered pairs (anchor, positive) of valid anchors: the most triplets that semi_hard and distance_weighted return.
MIEN_API int64_t positive_pairs(const int64_t* labels, int64_t n, const int64_t* y_labels, int64_t m,
                                const int64_t* self);

// Per anchor the farthest positive and the negatives of the hardness ranks rank_low..rank_high, 1 being the nearest, in
// order of (distance, row). With w = rank_high - rank_low + 1:
//   positive (n), negative (n, w): rows; -1 where there is none, and everywhere for an anchor that is not valid
//   positive_distance (n), negative_distance (n, w): their distances, accurate to 1e-6 relative, NaN beside a -1;
//   either may be null
MIEN_API void batch_hard(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels,
                         int64_t m, const int64_t* self, int64_t d, int distance, int64_t rank_low, int64_t rank_high,
                         int64_t* positive, int64_t* negative, float* positive_distance, float* negative_distance);

// Per anchor the nearest positive and a negative by `choice`. positive (n), negative (n): rows, both -1 for an anchor
// that is not valid or is skipped.
MIEN_API void easy_positive(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels,
                            int64_t m, const int64_t* self, int64_t d, int distance, double margin, int choice,
                            int64_t* positive, int64_t* negative);

// For each pair (anchor, positive) of valid anchors a negative by `semantics`, into anchor, positive, negative
// (capacity), in lexicographic order; returns the number of triplets.
MIEN_API int64_t semi_hard(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels,
                           int64_t m, const int64_t* self, int64_t d, int distance, double margin, int semantics,
                           int64_t seed, int64_t step, int64_t capacity, int64_t* anchor, int64_t* positive,
                           int64_t* negative);

// Per anchor the number of triplets with dn < dp + margin. counts (n); 0 for an anchor that is not valid.
MIEN_API void batch_all_counts(const float* x, const int64_t* labels, int64_t n, const float* y,
                               const int64_t* y_labels, int64_t m, const int64_t* self, int64_t d, int distance,
                               double margin, int64_t* counts);

// Every triplet with dn < dp + margin, in lexicographic order; of an anchor with more than `cap` of them (1 or more)
// a systematic sample of `cap` over its triplets in order of (positive, distance of the negative, row). Returns the
// number of triplets: the sum of min(cap, batch_all_counts).
MIEN_API int64_t batch_all(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels,
                           int64_t m, const int64_t* self, int64_t d, int distance, double margin, int64_t cap,
                           int64_t seed, int64_t step, int64_t capacity, int64_t* anchor, int64_t* positive,
                           int64_t* negative);

// The batch-all triplet loss of a batch with itself, by sorting instead of enumeration, O(n^2 (d + log n)): the sum of
// max(0, dp - dn + margin) over all triplets, with its gradient. The gradient of a distance at 0 is 0.
//   margin: finite; loss (1): the sum; active (1): triplets with dn < dp + margin, exact; triplets (1): all of them;
//   gradient (n, d): of the sum, may be null
MIEN_API void batch_all_loss(const float* x, const int64_t* labels, int64_t n, int64_t d, int distance, double margin,
                             double* loss, int64_t* active, int64_t* triplets, float* gradient);

// Per anchor one uniformly drawn positive and negative. positive (n), negative (n): -1 for an anchor that is not valid.
MIEN_API void random_triplets(const int64_t* labels, int64_t n, const int64_t* y_labels, int64_t m, const int64_t* self,
                              int64_t seed, int64_t step, int64_t* positive, int64_t* negative);

// For each pair (anchor, positive) of valid anchors a negative drawn with a weight inverse to the density of distances
// on the unit sphere (Wu et al., "Sampling Matters in Deep Embedding Learning", 2017): rows divided by their norms, t
// their Euclidean distance, at least 0.5; log w = (2 - d) log t - (d - 3) / 2 log(1 - t^2 / 4), in the log domain per
// anchor; negatives at 1.4 or farther have no weight, unless all are: then all have the same. Lexicographic order.
MIEN_API int64_t distance_weighted(const float* x, const int64_t* labels, int64_t n, const float* y,
                                   const int64_t* y_labels, int64_t m, const int64_t* self, int64_t d, int64_t seed,
                                   int64_t step, int64_t capacity, int64_t* anchor, int64_t* positive,
                                   int64_t* negative);

// How many of the given triplets have dn < dp + margin. anchor, positive, negative (t): rows; throws if one is none.
MIEN_API int64_t active_triplets(const float* x, int64_t n, const float* y, int64_t m, int64_t d, int distance,
                                 double margin, const int64_t* anchor, const int64_t* positive, const int64_t* negative,
                                 int64_t t);

// What a miner sees. A pair is an anchor and a reference that is not the anchor itself; with y == nullptr each is met
// from both its rows. Percentiles see every pair of up to 2^20, above that about 2^20, drawn by a hash of their rows.
//   counts (5): valid anchors; triplets with dn >= dp + margin (easy), dp < dn < dp + margin (semi-hard), dn <= dp
//     (hard); references equal to an earlier one
//   figures (12): mean distance of all pairs, 0 when there is none; mean distance of the references from the origin
//     (cosine: 1); the 5th, 25th, 50th, 75th and 95th percentile of the pairs of the same class, linear between order
//     statistics, NaN when there is none; the same of different classes
MIEN_API void mining_statistics(const float* x, const int64_t* labels, int64_t n, const float* y,
                                const int64_t* y_labels, int64_t m, const int64_t* self, int64_t d, int distance,
                                double margin, int64_t* counts, double* figures);

// ---- Inference ----
//
// A network of 3x3 convolutions (stride 1, padded by 1, each with a shift per channel and ReLU), 2x2 max pools of
// stride 2, a global average pool and a linear head, its weights packed once. Open it, set every convolution and the
// head, run it any number of times, close it.

struct Network;

// Codes of `precision` below, in the order of dev.mien.backbones.Precision.
enum Precision : int {
    kFloat32 = 0,
    kBfloat16 = 1,  // weights and inputs of all convolutions but the first, rounded; sums are float32
};

// A network for images of `channels` x height x width (sides 1..72); plan (layers): output channels of each
// convolution, 1..8192, or 0 for a pool, which must follow a convolution and rounds odd sides down; `batch` (1..4096):
// images that one pass takes. The caller closes it. Throws if the plan is none, or leaves no pixel.
MIEN_API Network* open_network(int64_t channels, int64_t height, int64_t width, const int64_t* plan, int64_t layers,
                               int64_t classes, int precision, int64_t batch);

// Sets the convolution at `index`, counted from 0 without the pools: weight (out, in, 3, 3) times scale (out), which
// may be null, and shift (out); a folded batch normalisation. Not while the network runs.
MIEN_API void set_convolution(Network* network, int64_t index, const float* weight, const double* scale,
                              const double* shift);

// Sets the head: weight (classes, d), bias (classes); d is the number of channels of the last convolution.
MIEN_API void set_head(Network* network, const float* weight, const float* bias);

// images (n, c, h, w) to features (n, d), the means of the last layer's pixels, and logits (n, classes); n may be 0,
// and beyond `batch` takes several passes. On up to `threads` (1..1024) threads. An image's result does not depend on
// the others, on n, or on threads. May be called from any number of threads at once; each has memory of its own, which
// stays until the network is closed. Throws if an image holds a NaN or an infinity, naming the first, or if a
// convolution or the head has not been set.
MIEN_API void run_network(Network* network, const float* images, int64_t n, int threads, float* features,
                          float* logits);

// Frees a network that no thread runs; null is allowed.
MIEN_API void close_network(Network* network);

// Measured rate of fused multiply-adds on float32 registers, without any memory traffic, in GFLOP/s (2 per
// multiply-add): the ceiling of every kernel here. `threads` (1..1024) run at once for about `seconds` (0.001..10).
MIEN_API double peak_gflops(int threads, double seconds);

}  // namespace mien
