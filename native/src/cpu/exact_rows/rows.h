#pragma once

// Rows of exact distances, for <isa>.cc beside this file: the same code, as wide as its instruction set.

#include "cpu/exact_tile.h"
#include "mining.h"

namespace mien {
namespace {

constexpr int kAnchors = 16;

template <int kDistance, int kWidth>
void rows_of(const MiningProblem& p, const int32_t* anchors, int count, double* out) {
    TileAnchors<kWidth> tile;
    for (int i = 0; i < count; ++i) {
        tile.add(p.x + anchors[i] * p.d, kDistance == kCosine ? p.x_norms + anchors[i] : nullptr);
    }
    for (int64_t first = 0; first < p.m; first += kTileReferences) {
        const int64_t last = p.m - first < kTileReferences ? p.m : first + kTileReferences;
        exact_tile<kDistance>(tile, p.y, p.y_norms, p.d, first, last,
                              [&](int i, int64_t j, double distance) { out[i * p.m + j] = distance; });
    }
}

template <int kDistance>
void all_rows(const MiningProblem& p, const int32_t* anchors, int count, double* out) {
    for (int first = 0; first < count; first += kAnchors) {
        const int some = count - first < kAnchors ? count - first : kAnchors;
        // One anchor alone would pay for sixteen.
        const auto rows = some == 1 ? rows_of<kDistance, 1> : rows_of<kDistance, kAnchors>;
        rows(p, anchors + first, some, out + first * p.m);
    }
}

void exact_rows_of(const MiningProblem& p, const int32_t* anchors, int count, double* out) {
    using Rows = void (*)(const MiningProblem&, const int32_t*, int, double*);
    constexpr Rows rows[] = {all_rows<kEuclidean>, all_rows<kSquaredEuclidean>, all_rows<kManhattan>,
                             all_rows<kCosine>};
    rows[p.distance](p, anchors, count, out);
}

}  // namespace
}  // namespace mien
