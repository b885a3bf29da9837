#pragma once

#include <cstdint>
#include <vector>

#include "mining.h"

namespace mien {

// What the anchors of one block add to mining_statistics.
struct PairCounts {
    int64_t valid = 0, easy = 0, semi_hard = 0, hard = 0;
    double sum = 0;                       // of the distances of all pairs
    std::vector<double> same, different;  // distances of the pairs that the percentiles see
};

// One in how many pairs the percentiles see.
int64_t sampling_stride(const MiningProblem&);

// Pairs of an anchor and a reference that is not the anchor itself.
double pair_count(const MiningProblem&);

// References equal, value by value, to an earlier one.
int64_t duplicate_rows(const MiningProblem&);

// Mean distance of the references from the origin; cosine: 1.
double mean_from_origin(const MiningProblem&);

// The 5th, 25th, 50th, 75th and 95th percentile, linear between order statistics, NaN for no values. Reorders them.
void percentiles(std::vector<double>& values, double* out);

namespace serial {

// Adds one anchor, valid or not.
void add_pairs(const MiningProblem&, int32_t anchor, const double* row, double margin, int64_t stride,
               PairCounts& counts);

}  // namespace serial
}  // namespace mien
