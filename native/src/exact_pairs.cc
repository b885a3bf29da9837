#include "exact_pairs.h"

#include <algorithm>
#include <cmath>

#include "mien/mien.h"

namespace mien {
namespace {

// Pairs at a time: a sum in order of columns waits four cycles for each addition, so several run side by side.
constexpr int kTogether = 4;

template <typename Term>
void sums(const float* a, const float* const* b, int64_t d, double* out, Term term) {
    double sum[kTogether] = {};
    for (int64_t k = 0; k < d; ++k) {
        for (int i = 0; i < kTogether; ++i) sum[i] += term(static_cast<double>(a[k]), static_cast<double>(b[i][k]), i);
    }
    std::copy(sum, sum + kTogether, out);
}

double square(double x) { return x * x; }

}  // namespace

void exact_pairs(const MiningProblem& p, int64_t anchor, const int32_t* rows, int count, double* out) {
    const float* a = p.x + anchor * p.d;
    for (int first = 0; first < count; first += kTogether) {
        const float* b[kTogether];
        double norm[kTogether] = {}, sum[kTogether];
        for (int i = 0; i < kTogether; ++i) {
            const int64_t row = rows[std::min(first + i, count - 1)];
            b[i] = p.y + row * p.d;
            if (p.distance == kCosine) norm[i] = p.y_norms[row];
        }
        const double own = p.distance == kCosine ? p.x_norms[anchor] : 0;
        switch (p.distance) {
            case kManhattan:
                sums(a, b, p.d, sum, [](double x, double y, int) { return std::abs(x - y); });
                break;
            case kCosine:
                sums(a, b, p.d, sum, [&](double x, double y, int i) { return square(x / own - y / norm[i]); });
                break;
            default:
                sums(a, b, p.d, sum, [](double x, double y, int) { return square(x - y); });
        }
        for (int i = 0; i < std::min(kTogether, count - first); ++i) {
            double& value = out[first + i];
            value = sum[i];
            if (p.distance == kEuclidean) value = std::sqrt(value);
            if (p.distance == kCosine) value = own == 0 || norm[i] == 0 ? 1 : std::min(2.0, 0.5 * value);
        }
    }
}

}  // namespace mien
