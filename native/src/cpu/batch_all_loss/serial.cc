// The batch-all loss of one anchor by sorting: with dn rising, the negatives that a positive is too close to are a
// prefix, so sums over prefixes replace the enumeration of triplets.

#include <algorithm>
#include <cmath>

#include "kernels.h"
#include "mining.h"

namespace mien::serial {
namespace {

// Lists the positives in order of distance; returns their number.
int64_t rank_positives(const MiningProblem& p, int32_t anchor, const double* row, Ranked* out) {
    int64_t count = 0;
    for_each_positive(p, anchor, [&](int32_t j) { out[count++] = {row[j], j}; });
    std::sort(out, out + count);
    return count;
}

// gradient += scale * (a - b)
void add_difference(const float* a, const float* b, int64_t d, double scale, double* gradient) {
    for (int64_t k = 0; k < d; ++k) gradient[k] += scale * (static_cast<double>(a[k]) - b[k]);
}

void add_sign(const float* a, const float* b, int64_t d, double scale, double* gradient) {
    for (int64_t k = 0; k < d; ++k) gradient[k] += scale * ((a[k] > b[k]) - (a[k] < b[k]));
}

// The gradient of 1 - cos by a is ((u - v) - (1 - cos) u) / |a|, with u and v the rows divided by their norms.
void add_cosine(const float* a, const float* b, int64_t d, double scale, double distance, double norm_a, double norm_b,
                double* gradient) {
    const double over_a = 1 / norm_a, over_b = 1 / norm_b;
    for (int64_t k = 0; k < d; ++k) {
        const double u = a[k] * over_a, v = b[k] * over_b;
        gradient[k] += scale * over_a * ((u - v) - distance * u);
    }
}

}  // namespace

AnchorLoss batch_all_loss_row(const MiningProblem& p, int32_t anchor, const double* row, double margin, Ranked* scratch,
                              double* weights) {
    const int64_t negatives = rank_negatives(p, anchor, row, scratch);
    Ranked* const positive = scratch + negatives;
    const int64_t positives = rank_positives(p, anchor, row, positive);
    // Distances from the nearest negative on: what cancels is gone before it is summed.
    const double base = scratch[0].distance;
    double sum = 0;
    int64_t below = 0;
    AnchorLoss result{0, 0};
    for (int64_t i = 0; i < positives; ++i) {
        for (; below < negatives && scratch[below].distance < positive[i].distance + margin; ++below) {
            sum += scratch[below].distance - base;
            weights[scratch[below].row] = -static_cast<double>(positives - i);
        }
        const double reach = (positive[i].distance - base) + margin;
        result.loss += std::fmax(0, static_cast<double>(below) * reach - sum);
        result.active += below;
        weights[positive[i].row] = static_cast<double>(below);
    }
    return result;
}

void add_distance_gradient(const MiningProblem& p, int64_t row, int64_t other, double weight, double distance,
                           double* gradient) {
    if (distance == 0) return;
    const float *a = p.x + row * p.d, *b = p.x + other * p.d;
    switch (p.distance) {
        case kEuclidean:
            return add_difference(a, b, p.d, weight / distance, gradient);
        case kSquaredEuclidean:
            return add_difference(a, b, p.d, 2 * weight, gradient);
        case kManhattan:
            return add_sign(a, b, p.d, weight, gradient);
        default:
            if (p.x_norms[row] == 0 || p.x_norms[other] == 0) return;
            return add_cosine(a, b, p.d, weight, distance, p.x_norms[row], p.x_norms[other], gradient);
    }
}

}  // namespace mien::serial
