#pragma once

// The one definition of a distance: float64 differences summed in order of columns. Everything exact goes through
// this tile, which vectorises over anchors so that the order of each sum stays that of the plain loop.

#include <cmath>
#include <cstdint>

#include "mien/mien.h"

// Unnamed, so that a file compiled for a higher instruction set gets a copy of its own.
namespace mien {
namespace {

constexpr int kTileReferences = 64;
constexpr int kTileColumns = 64;

// Up to kAnchors rows and what each is divided by (1, or for cosine its norm).
template <int kAnchors>
struct TileAnchors {
    const float* rows[kAnchors];
    double divisors[kAnchors];
    bool is_zero[kAnchors];
    int count = 0;

    void add(const float* row, const double* norm) {
        rows[count] = row;
        is_zero[count] = norm != nullptr && *norm == 0;
        divisors[count] = norm == nullptr || is_zero[count] ? 1 : *norm;
        ++count;
    }
};

template <int kDistance>
double term(double difference) {
    return kDistance == kManhattan ? std::abs(difference) : difference * difference;
}

// The distance whose terms add up to `sum`.
template <int kDistance>
double finished(double sum, bool has_zero_row) {
    if (kDistance == kEuclidean) return std::sqrt(sum);
    // |x/|x| - y/|y||^2 / 2 equals 1 - cos and, unlike it, loses no digits when x and y are nearly parallel.
    if (kDistance == kCosine) return has_zero_row ? 1 : std::fmin(2, sum / 2);
    return sum;
}

// out(i, j, distance) for anchor i of the tile and the references first..last-1, at most kTileReferences of them.
template <int kDistance, int kAnchors, typename Out>
void exact_tile(const TileAnchors<kAnchors>& anchors, const float* y, const double* y_norms, int64_t d, int64_t first,
                int64_t last, Out out) {
    double sums[kTileReferences][kAnchors] = {};
    double u[kTileColumns][kAnchors] = {}, v[kTileColumns];
    for (int64_t low = 0; low < d; low += kTileColumns) {
        const int64_t columns = d - low < kTileColumns ? d - low : kTileColumns;
        for (int i = 0; i < anchors.count; ++i) {
            for (int64_t k = 0; k < columns; ++k) u[k][i] = anchors.rows[i][low + k] / anchors.divisors[i];
        }
        for (int64_t j = first; j < last; ++j) {
            const double divisor = kDistance != kCosine || y_norms[j] == 0 ? 1 : y_norms[j];
            for (int64_t k = 0; k < columns; ++k) v[k] = y[j * d + low + k] / divisor;
            double* sum = sums[j - first];
            for (int64_t k = 0; k < columns; ++k) {
                for (int i = 0; i < kAnchors; ++i) sum[i] += term<kDistance>(u[k][i] - v[k]);
            }
        }
    }
    for (int64_t j = first; j < last; ++j) {
        const bool is_zero = kDistance == kCosine && y_norms[j] == 0;
        for (int i = 0; i < anchors.count; ++i) {
            out(i, j, finished<kDistance>(sums[j - first][i], is_zero || anchors.is_zero[i]));
        }
    }
}

}  // namespace
}  // namespace mien
