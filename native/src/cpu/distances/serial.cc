// The specification: float64 sums in order of columns, rounded once to float32, that every other tier must equal.

#include "../exact_tile.h"
#include "kernels.h"

namespace mien::serial {
namespace {

constexpr int kAnchors = 16;

template <int kDistance>
void rows_of(const DistancesProblem& p, int64_t begin, int64_t end) {
    for (int64_t low = begin; low < end; low += kAnchors) {
        TileAnchors<kAnchors> tile;
        for (int64_t i = low; i < end && tile.count < kAnchors; ++i) {
            tile.add(p.a + i * p.d, kDistance == kCosine ? p.a_norms + i : nullptr);
        }
        for (int64_t first = 0; first < p.m; first += kTileReferences) {
            const int64_t last = p.m - first < kTileReferences ? p.m : first + kTileReferences;
            exact_tile<kDistance>(tile, p.b, p.b_norms, p.d, first, last, [&](int i, int64_t j, double distance) {
                p.out[(low + i) * p.m + j] = static_cast<float>(distance);
            });
        }
    }
}

}  // namespace

void euclidean(const DistancesProblem& p, int64_t begin, int64_t end) { rows_of<kEuclidean>(p, begin, end); }

void squared_euclidean(const DistancesProblem& p, int64_t begin, int64_t end) {
    rows_of<kSquaredEuclidean>(p, begin, end);
}

void manhattan(const DistancesProblem& p, int64_t begin, int64_t end) { rows_of<kManhattan>(p, begin, end); }

void cosine(const DistancesProblem& p, int64_t begin, int64_t end) { rows_of<kCosine>(p, begin, end); }

}  // namespace mien::serial
