// The specification: plain loops in float64 that every other tier must equal.

#include <cmath>

#include "kernels.h"

namespace mien::serial {
namespace {

// out[i, j] = pair(row i of a, row j of b, i, j) for the rows begin..end of a.
template <typename Pair>
void for_each_pair(const DistancesProblem& p, int64_t begin, int64_t end, Pair pair) {
    for (int64_t i = begin; i < end; ++i) {
        for (int64_t j = 0; j < p.m; ++j) {
            p.out[i * p.m + j] = static_cast<float>(pair(p.a + i * p.d, p.b + j * p.d, i, j));
        }
    }
}

double sum_of_squares(const float* x, const float* y, int64_t d) {
    double sum = 0;
    for (int64_t k = 0; k < d; ++k) {
        const double difference = static_cast<double>(x[k]) - y[k];
        sum += difference * difference;
    }
    return sum;
}

}  // namespace

void euclidean(const DistancesProblem& p, int64_t begin, int64_t end) {
    for_each_pair(p, begin, end, [&](const float* x, const float* y, int64_t, int64_t) {
        return std::sqrt(sum_of_squares(x, y, p.d));
    });
}

void squared_euclidean(const DistancesProblem& p, int64_t begin, int64_t end) {
    for_each_pair(p, begin, end,
                  [&](const float* x, const float* y, int64_t, int64_t) { return sum_of_squares(x, y, p.d); });
}

void manhattan(const DistancesProblem& p, int64_t begin, int64_t end) {
    for_each_pair(p, begin, end, [&](const float* x, const float* y, int64_t, int64_t) {
        double sum = 0;
        for (int64_t k = 0; k < p.d; ++k) sum += std::abs(static_cast<double>(x[k]) - y[k]);
        return sum;
    });
}

// |x/|x| - y/|y||^2 / 2 equals 1 - cos and, unlike it, loses no digits when x and y are nearly parallel.
void cosine(const DistancesProblem& p, int64_t begin, int64_t end) {
    for_each_pair(p, begin, end, [&](const float* x, const float* y, int64_t i, int64_t j) {
        const double scale_x = p.a_inverse_norms[i], scale_y = p.b_inverse_norms[j];
        if (scale_x == 0 || scale_y == 0) return 1.0;
        double sum = 0;
        for (int64_t k = 0; k < p.d; ++k) {
            const double difference = x[k] * scale_x - y[k] * scale_y;
            sum += difference * difference;
        }
        return 0.5 * sum;
    });
}

}  // namespace mien::serial
