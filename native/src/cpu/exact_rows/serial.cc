#include "cpu/exact_rows/rows.h"
#include "kernels.h"

namespace mien::serial {
namespace {

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
    exact_rows_of(p, anchors, count, out);
}

double exact_distance(const MiningProblem& p, int64_t anchor, int64_t row) {
    const auto distance = {distance_of<kEuclidean>, distance_of<kSquaredEuclidean>, distance_of<kManhattan>,
                           distance_of<kCosine>};
    return distance.begin()[p.distance](p, anchor, row);
}

}  // namespace mien::serial
