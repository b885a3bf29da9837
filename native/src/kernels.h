#pragma once

// Every kernel behind the dispatch. Kernels trust their arguments (the api layer has checked them) and allocate
// nothing: scratch is handed in.

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "counter_random.h"
#include "fast/blocks.h"
#include "mien/mien.h"
#include "mining.h"

namespace mien {

constexpr int kDistanceCount = 4;

struct DistancesProblem {
    const float* a;  // (n, d)
    const float* b;  // (m, d)
    int64_t m;
    int64_t d;
    const double* a_norms;  // (n), cosine only; 0 for a zero row
    const double* b_norms;  // (m), likewise
    float* out;             // (n, m)
};

// The rows begin..end-1 of a.
using DistancesKernel = void (*)(const DistancesProblem&, int64_t begin, int64_t end);

// The float64 distances of `count` anchors to all references, in order of rows, into out (count, m): the plain loop
// over columns, bit for bit.
using ExactRowsKernel = void (*)(const MiningProblem&, const int32_t* anchors, int count, double* out);

// Those of the pairs (anchors[i], rows[i]), into out (count).
using ExactPairsKernel = void (*)(const MiningProblem&, const int32_t* anchors, const int32_t* rows, int count,
                                  double* out);

struct BatchHardOutputs {
    int64_t rank_low, rank_high;
    int64_t* positive;         // (n)
    int64_t* negative;         // (n, window)
    float* positive_distance;  // (n), may be null
    float* negative_distance;  // (n, window), may be null

    int64_t window() const { return rank_high - rank_low + 1; }
    void set_positive(int64_t anchor, const Ranked& chosen) const { set(positive, positive_distance, anchor, chosen); }
    void set_negative(int64_t anchor, int64_t i, const Ranked& chosen) const {
        set(negative, negative_distance, anchor * window() + i, chosen);
    }
    // No choice at all.
    void clear(int64_t anchor) const {
        set_positive(anchor, {0, -1});
        for (int64_t i = 0; i < window(); ++i) set_negative(anchor, i, {0, -1});
    }

private:
    static void set(int64_t* rows, float* distances, int64_t at, const Ranked& chosen) {
        rows[at] = chosen.row;
        if (distances == nullptr) return;
        distances[at] = chosen.row < 0 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(chosen.distance);
    }
};

struct SemiHardRule {
    double margin;
    int semantics;  // mien::Semantics
    CounterRandom random;
};

struct BatchAllRule {
    double margin;
    int64_t cap;  // most triplets of an anchor, 1 or more
    CounterRandom random;
};

struct AnchorLoss {
    double loss;
    int64_t active;
};

namespace serial {

void euclidean(const DistancesProblem&, int64_t begin, int64_t end);
void squared_euclidean(const DistancesProblem&, int64_t begin, int64_t end);
void manhattan(const DistancesProblem&, int64_t begin, int64_t end);
void cosine(const DistancesProblem&, int64_t begin, int64_t end);

void exact_rows(const MiningProblem&, const int32_t* anchors, int count, double* out);

void exact_pairs(const MiningProblem&, const int32_t* anchors, const int32_t* rows, int count, double* out);

// Selections from one anchor's exact distances, row (m). Faster tiers fall back on them for an anchor that their error
// bounds cannot resolve. `scratch` holds m. Those that return nothing for an anchor that is not valid say -1.

// -1 when there is none.
int32_t farthest_positive(const MiningProblem&, int32_t anchor, const double* row);
int32_t nearest_negative(const MiningProblem&, int32_t anchor, const double* row);

void batch_hard_row(const MiningProblem&, int32_t anchor, const double* row, const BatchHardOutputs&, Ranked* scratch);

void easy_positive_row(const MiningProblem&, int32_t anchor, const double* row, double margin, int choice,
                       int64_t* positive, int64_t* negative);

// The negative of each positive in order of rows, -1 for a skipped pair, into negatives (positive_count). Valid only.
void semi_hard_row(const MiningProblem&, int32_t anchor, const double* row, const SemiHardRule&, Ranked* scratch,
                   int32_t* negatives);

void random_triplet(const MiningProblem&, int32_t anchor, const CounterRandom&, int64_t* positive, int64_t* negative);

// How many triplets of the anchor have dn < dp + margin. Valid only, as all below.
int64_t batch_all_count(const MiningProblem&, int32_t anchor, const double* row, double margin);

// Them, or a sample of rule.cap, into positive and negative (min(cap, total)); total = batch_all_count.
void batch_all_row(const MiningProblem&, int32_t anchor, const double* row, const BatchAllRule&, int64_t total,
                   Ranked* scratch, int64_t* positive, int64_t* negative);

// The anchor's part of the loss. weights (m), zeros at first: its derivative by the anchor's distances.
AnchorLoss batch_all_loss_row(const MiningProblem&, int32_t anchor, const double* row, double margin, Ranked* scratch,
                              double* weights);

// gradient (d) += weight * the derivative by row `row` of x of its distance to row `other` of x.
void add_distance_gradient(const MiningProblem&, int64_t row, int64_t other, double weight, double distance,
                           double* gradient);

// A negative drawn for each positive in order of rows, into negatives (positive_count). Of a cosine problem: t is the
// square root of twice the distance, so that a zero row, at 1 from everything, is beyond 1.4 and has no weight.
void distance_weighted_row(const MiningProblem&, int32_t anchor, const double* row, const CounterRandom&,
                           Ranked* scratch, int32_t* negatives);

}  // namespace serial

namespace avx2 {
void exact_rows(const MiningProblem&, const int32_t* anchors, int count, double* out);
void exact_pairs(const MiningProblem&, const int32_t* anchors, const int32_t* rows, int count, double* out);
}  // namespace avx2
namespace avx512 {
void exact_rows(const MiningProblem&, const int32_t* anchors, int count, double* out);
void exact_pairs(const MiningProblem&, const int32_t* anchors, const int32_t* rows, int count, double* out);
}  // namespace avx512

// Operations over blocks of fast sums. Each returns a flag per anchor: 1 where the bounds leave the answer open, so
// that the serial selection must settle it from exact distances; the others are done.
namespace fast {

// Up to this rank_high; its lists of contenders grow with the ranks.
constexpr int64_t kMostRanks = 32;
std::vector<char> batch_hard(const MiningProblem&, const BatchHardOutputs&, const BlockKernels&);

// All distances of a problem without labels, into out (n, m).
void distances(const MiningProblem&, const BlockKernels&, ExactRowsKernel, float* out);

// Facenet and TFA semantics. emit(anchor, negatives) gets what serial::semi_hard_row writes, from any thread.
using EmitNegatives = std::function<void(int32_t anchor, const int32_t* negatives)>;
std::vector<char> semi_hard(const MiningProblem&, const SemiHardRule&, const BlockKernels&, const EmitNegatives& emit);

// Into positive and negative (n), which hold -1 at first.
std::vector<char> easy_positive(const MiningProblem&, double margin, int choice, const BlockKernels&, int64_t* positive,
                                int64_t* negative);

// As mien::batch_all_loss, of a symmetric problem; false, with the outputs undefined, where float32 sums would not be
// accurate enough or their bookkeeping would outgrow the rows.
bool batch_all_loss(const MiningProblem&, double margin, const BlockKernels&, double* loss, int64_t* active,
                    float* gradient);

}  // namespace fast
}  // namespace mien
