// Wu et al., "Sampling Matters in Deep Embedding Learning" (2017): negatives drawn as if their distances were uniform.

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels.h"
#include "mining.h"

namespace mien::serial {
namespace {

constexpr double kNearest = 0.5;   // closer ones count as this: their weights would drown all others
constexpr double kFarthest = 1.4;  // almost sqrt(2), where random rows lie: no weight from here on

constexpr double kNone = -std::numeric_limits<double>::infinity();

// One over the density of distances on the unit sphere, up to a factor.
double log_weight(double cosine, int64_t d) {
    const double t = std::sqrt(2 * cosine);
    if (t >= kFarthest) return kNone;
    const double at = std::fmax(t, kNearest);
    const double dimension = static_cast<double>(d);
    return (2 - dimension) * std::log(at) - (dimension - 3) / 2 * std::log(1 - at * at / 4);
}

// Lists the negatives with the sums of their weights up to and including each; returns their number.
int64_t accumulate(const MiningProblem& p, int32_t anchor, const double* row, Ranked* out) {
    const int64_t count = list_negatives(p, anchor, row, out);
    double largest = kNone;
    for (int64_t i = 0; i < count; ++i) {
        out[i].distance = log_weight(out[i].distance, p.d);
        largest = std::fmax(largest, out[i].distance);
    }
    double sum = 0;
    for (int64_t i = 0; i < count; ++i) {
        sum += largest == kNone ? 1 : std::exp(out[i].distance - largest);
        out[i].distance = sum;
    }
    return count;
}

}  // namespace

void distance_weighted_row(const MiningProblem& p, int32_t anchor, const double* row, const CounterRandom& random,
                           Ranked* scratch, int32_t* negatives) {
    const int64_t count = accumulate(p, anchor, row, scratch);
    const double total = scratch[count - 1].distance;
    for_each_positive(p, anchor, [&](int32_t positive) {
        // Below total, as unit() is below 1, even after rounding: the first sum beyond it has a weight.
        const double drawn = random.unit(anchor, positive) * total;
        *negatives++ = scratch[ranked_up_to(scratch, count, drawn)].row;
    });
}

}  // namespace mien::serial
