#pragma once

// The one definition of a distance: float64 differences summed in order of columns, as cpu/exact_tile.h has it. The
// compiler must not fuse products and sums here (-fmad=false, -ffp-contract=off).

#include "cuda/problem.h"

namespace mien::cuda {

MIEN_SHARED inline double term(int distance, double difference) {
    return distance == kManhattan ? fabs(difference) : difference * difference;
}

// The distance whose terms add up to `sum`.
MIEN_SHARED inline double finished(int distance, double sum, bool has_zero_row) {
    if (distance == kEuclidean) return sqrt(sum);
    if (distance == kCosine) return has_zero_row ? 1 : sum < 4 ? sum / 2 : 2;
    return sum;
}

// What a row is divided by.
MIEN_SHARED inline double divisor(const double* norms, int64_t row) {
    return norms == nullptr || norms[row] == 0 ? 1 : norms[row];
}

MIEN_SHARED inline bool is_zero(const double* norms, int64_t row) { return norms != nullptr && norms[row] == 0; }

// Of one pair, by one thread.
MIEN_SHARED inline double exact_distance(const Problem& p, int64_t anchor, int64_t row) {
    const double over_a = divisor(p.x_norms, anchor), over_b = divisor(p.y_norms, row);
    double sum = 0;
    for (int64_t k = 0; k < p.d; ++k) {
        double a = value_at(p.x, p.type, anchor * p.d + k), b = value_at(p.y, p.type, row * p.d + k);
        if (p.distance == kCosine) {
            a /= over_a;
            b /= over_b;
        }
        sum += term(p.distance, a - b);
    }
    return finished(p.distance, sum, is_zero(p.x_norms, anchor) || is_zero(p.y_norms, row));
}

}  // namespace mien::cuda
