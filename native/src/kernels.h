#pragma once

// Every kernel behind the dispatch. Kernels trust their arguments (api.cc has checked them), work on a range of rows
// of a, and allocate nothing.

#include <cstdint>

#include "mien/mien.h"

namespace mien {

constexpr int kDistanceCount = 4;

struct DistancesProblem {
    const float* a;  // (n, d)
    const float* b;  // (m, d)
    int64_t m;
    int64_t d;
    const double* a_inverse_norms;  // (n), cosine only; 0 for a zero row
    const double* b_inverse_norms;  // (m), likewise
    float* out;                     // (n, m)
};

using DistancesKernel = void (*)(const DistancesProblem&, int64_t begin, int64_t end);

// A loop of independent fused multiply-adds that never leave the registers.
struct PeakLoop {
    float (*run)(int64_t rounds);  // returns what the chains add up to, so that no compiler drops them
    int64_t flops;                 // of one round, 2 per multiply-add
};

namespace serial {
extern const PeakLoop peak;
void euclidean(const DistancesProblem&, int64_t begin, int64_t end);
void squared_euclidean(const DistancesProblem&, int64_t begin, int64_t end);
void manhattan(const DistancesProblem&, int64_t begin, int64_t end);
void cosine(const DistancesProblem&, int64_t begin, int64_t end);
}  // namespace serial

namespace avx2 {
extern const PeakLoop peak;
}  // namespace avx2

namespace avx512 {
extern const PeakLoop peak;
}  // namespace avx512

}  // namespace mien
