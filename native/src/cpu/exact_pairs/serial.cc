#include <algorithm>
#include <cmath>

#include "kernels.h"
#include "mien/mien.h"

namespace mien::serial {
namespace {

// Pairs at a time: a sum in order of columns waits four cycles for each addition, so several run side by side.
constexpr int kTogether = 4;

template <typename Term>
void sums(const float* const* a, const float* const* b, int64_t d, double* out, Term term) {
    double sum[kTogether] = {};
    for (int64_t k = 0; k < d; ++k) {
        for (int i = 0; i < kTogether; ++i)
            sum[i] += term(static_cast<double>(a[i][k]), static_cast<double>(b[i][k]), i);
    }
    std::copy(sum, sum + kTogether, out);
}

double square(double x) { return x * x; }

}  // namespace

void exact_pairs(const MiningProblem& p, const int32_t* anchors, const int32_t* rows, int count, double* out) {
    for (int first = 0; first < count; first += kTogether) {
        const float *a[kTogether], *b[kTogether];
        double a_norm[kTogether] = {}, b_norm[kTogether] = {}, sum[kTogether];
        for (int i = 0; i < kTogether; ++i) {
            const int at = std::min(first + i, count - 1);
            a[i] = p.x + anchors[at] * p.d;
            b[i] = p.y + rows[at] * p.d;
            if (p.distance != kCosine) continue;
            a_norm[i] = p.x_norms[anchors[at]];
            b_norm[i] = p.y_norms[rows[at]];
        }
        switch (p.distance) {
            case kManhattan:
                sums(a, b, p.d, sum, [](double x, double y, int) { return std::abs(x - y); });
                break;
            case kCosine:
                sums(a, b, p.d, sum, [&](double x, double y, int i) { return square(x / a_norm[i] - y / b_norm[i]); });
                break;
            default:
                sums(a, b, p.d, sum, [](double x, double y, int) { return square(x - y); });
        }
        for (int i = 0; i < std::min(kTogether, count - first); ++i) {
            double& value = out[first + i];
            value = sum[i];
            if (p.distance == kEuclidean) value = std::sqrt(value);
            if (p.distance == kCosine) value = a_norm[i] == 0 || b_norm[i] == 0 ? 1 : std::min(2.0, 0.5 * value);
        }
    }
}

}  // namespace mien::serial
