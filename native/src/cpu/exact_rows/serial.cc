// Rows of exact distances: what every selection rests on.

#include "../exact_tile.h"
#include "kernels.h"
#include "mining.h"

namespace mien::serial {
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

template <int kDistance>
double distance_of(const MiningProblem& p, int64_t anchor, int64_t row) {
    TileAnchors<1> tile;
    tile.add(p.x + anchor * p.d, kDistance == kCosine ? p.x_norms + anchor : nullptr);
    double result = 0;
    exact_tile<kDistance>(tile, p.y, p.y_norms, p.d, row, row + 1, [&](int, int64_t, double d) { result = d; });
    return result;
}

}  // namespace

void exact_rows(const MiningProblem& p, const int32_t* anchors, int count, double* out) {
    const ExactRowsKernel rows[] = {all_rows<kEuclidean>, all_rows<kSquaredEuclidean>, all_rows<kManhattan>,
                                    all_rows<kCosine>};
    rows[p.distance](p, anchors, count, out);
}

double exact_distance(const MiningProblem& p, int64_t anchor, int64_t row) {
    const auto distance = {distance_of<kEuclidean>, distance_of<kSquaredEuclidean>, distance_of<kManhattan>,
                           distance_of<kCosine>};
    return distance.begin()[p.distance](p, anchor, row);
}

}  // namespace mien::serial
