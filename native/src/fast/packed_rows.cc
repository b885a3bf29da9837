#include "fast/packed_rows.h"

#include <emmintrin.h>
#include <xmmintrin.h>

#include <algorithm>
#include <cmath>

#include "parallel.h"

namespace mien {
namespace {

constexpr int kTogether = 4;

// Four values of a row, scaled; in float64, as a scale may be no float32 and a norm is none.
__m128 scaled(const float* x, __m128d by) {
    const __m128 values = _mm_loadu_ps(x);
    const __m128 low = _mm_cvtpd_ps(_mm_mul_pd(_mm_cvtps_pd(values), by));
    const __m128 high = _mm_cvtpd_ps(_mm_mul_pd(_mm_cvtps_pd(_mm_movehl_ps(values, values)), by));
    return _mm_movelh_ps(low, high);
}

// Columns k..k+3 of four rows, turned.
void pack_square(const float* const* rows, const __m128d* factors, int64_t k, int panel, float* out) {
    __m128 a = scaled(rows[0] + k, factors[0]), b = scaled(rows[1] + k, factors[1]);
    __m128 c = scaled(rows[2] + k, factors[2]), e = scaled(rows[3] + k, factors[3]);
    _MM_TRANSPOSE4_PS(a, b, c, e);
    _mm_store_ps(out, a);
    _mm_store_ps(out + panel, b);
    _mm_store_ps(out + 2 * panel, c);
    _mm_store_ps(out + 3 * panel, e);
}

// Four rows into their columns of a panel.
void pack_rows(const float* const* rows, const double* factors, int64_t d, int panel, float* out) {
    __m128d by[kTogether];
    for (int r = 0; r < kTogether; ++r) by[r] = _mm_set1_pd(factors[r]);
    int64_t k = 0;
    for (; k + kTogether <= d; k += kTogether) pack_square(rows, by, k, panel, out + k * panel);
    for (; k < d; ++k) {
        for (int r = 0; r < kTogether; ++r) out[k * panel + r] = static_cast<float>(rows[r][k] * factors[r]);
    }
}

}  // namespace

PackedRows::PackedRows(const float* x, int64_t d, const int32_t* order, int64_t count, double scale,
                       const double* norms, int panel)
    : count_(count), d_(d), panel_(panel), data_((count + kBlock - 1) / kBlock * kBlock * d) {
    const int64_t all = (count + kBlock - 1) / kBlock * kBlock / kTogether;
    parallel_rows(all, static_cast<double>(count) * static_cast<double>(d), [&](int64_t begin, int64_t end) {
        for (int64_t at = begin * kTogether; at < end * kTogether; at += kTogether) {
            const float* rows[kTogether];
            double factors[kTogether];
            for (int r = 0; r < kTogether; ++r) {
                // Beyond the last row any row will do, times zero.
                const int64_t row = count == 0 ? 0 : order[std::min(at + r, count - 1)];
                rows[r] = x + row * d;
                // The inverse is off by 2^-53, far less than the rounding to float32 that follows.
                factors[r] = at + r >= count ? 0 : norms == nullptr ? scale : norms[row] == 0 ? 0 : 1 / norms[row];
            }
            pack_rows(rows, factors, d, panel, data_.get() + at / panel * panel * d + at % panel);
        }
    });
    for (int64_t i = 0; norms != nullptr && i < count; ++i) {
        if (norms[order[i]] == 0) zero_rows_.push_back(static_cast<int32_t>(i));
    }
}

double packing_scale(float largest) { return largest == 0 ? 1 : std::ldexp(1.0, 44 - std::ilogb(largest)); }

}  // namespace mien
