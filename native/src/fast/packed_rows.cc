#include "fast/packed_rows.h"

#include <emmintrin.h>
#include <xmmintrin.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "parallel.h"

namespace mien {
namespace {

constexpr int kTogether = 4;
// Up to so many values each thread packs for itself: 640 KB, most of a second cache.
constexpr int64_t kCopied = 5 << 15;

// Four values of a row, scaled.
__m128 scaled(const float* x, __m128 by) { return _mm_mul_ps(_mm_loadu_ps(x), by); }

// In float64, as a scale may be no float32 and a norm is none.
__m128 scaled(const float* x, __m128d by) {
    const __m128 values = _mm_loadu_ps(x);
    const __m128 low = _mm_cvtpd_ps(_mm_mul_pd(_mm_cvtps_pd(values), by));
    const __m128 high = _mm_cvtpd_ps(_mm_mul_pd(_mm_cvtps_pd(_mm_movehl_ps(values, values)), by));
    return _mm_movelh_ps(low, high);
}

// Columns k..k+3 of four rows, turned.
template <typename Factor>
void pack_square(const float* const* rows, const Factor* factors, int64_t k, int panel, float* out) {
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
    __m128 by_floats[kTogether];
    bool floats = true;  // for powers of two to the same values
    for (int r = 0; r < kTogether; ++r) {
        by[r] = _mm_set1_pd(factors[r]);
        by_floats[r] = _mm_set1_ps(static_cast<float>(factors[r]));
        floats &= static_cast<double>(static_cast<float>(factors[r])) == factors[r];
    }
    int64_t k = 0;
    if (floats) {
        for (; k + kTogether <= d; k += kTogether) pack_square(rows, by_floats, k, panel, out + k * panel);
    }
    for (; k + kTogether <= d; k += kTogether) pack_square(rows, by, k, panel, out + k * panel);
    for (; k < d; ++k) {
        for (int r = 0; r < kTogether; ++r) out[k * panel + r] = static_cast<float>(rows[r][k] * factors[r]);
    }
}

// As they are: two bfloat16 in a float are no number.
void turn_rows(const float* const* rows, int64_t columns, int panel, float* out) {
    int64_t k = 0;
    for (; k + kTogether <= columns; k += kTogether) {
        __m128i x[kTogether];
        for (int r = 0; r < kTogether; ++r) x[r] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(rows[r] + k));
        const __m128i low = _mm_unpacklo_epi32(x[0], x[1]), high = _mm_unpackhi_epi32(x[0], x[1]);
        const __m128i other_low = _mm_unpacklo_epi32(x[2], x[3]), other_high = _mm_unpackhi_epi32(x[2], x[3]);
        const auto store = [&](int column, __m128i values) {
            _mm_store_si128(reinterpret_cast<__m128i*>(out + (k + column) * panel), values);
        };
        store(0, _mm_unpacklo_epi64(low, other_low));
        store(1, _mm_unpackhi_epi64(low, other_low));
        store(2, _mm_unpacklo_epi64(high, other_high));
        store(3, _mm_unpackhi_epi64(high, other_high));
    }
    for (; k < columns; ++k) {
        for (int r = 0; r < kTogether; ++r) std::memcpy(out + k * panel + r, rows[r] + k, sizeof(float));
    }
}

}  // namespace

PackedRows::PackedRows(const float* x, int64_t d, const int32_t* order, int64_t count, double scale,
                       const double* norms, int panel, BlockKernels::Round round)
    : x_(x),
      count_(count),
      d_(d),
      order_(order),
      scale_(scale),
      norms_(norms),
      panel_(panel),
      round_(round),
      columns_(round == nullptr ? d : (d + 1) / 2),
      padded_((count + kBlock - 1) / kBlock * kBlock),
      floats_(padded_ * (columns_ + (round == nullptr ? 0 : 1))),
      packed_(floats_ <= kCopied ? static_cast<size_t>(pool_threads()) : 1),
      copies_(floats_ * static_cast<int64_t>(packed_.size())),
      lost_(round == nullptr ? 0 : padded_) {
    if (packed_.size() > 1) {
        data();
    } else {
        parallel_rows(padded_ / kTogether, static_cast<double>(count) * static_cast<double>(d),
                      [&](int64_t begin, int64_t end) { pack(begin * kTogether, end * kTogether, copies_.get()); });
    }
    for (int64_t i = 0; round != nullptr && i < count; ++i) {
        largest_square_ = std::max<double>(largest_square_, squares(0)[i]);
        rounded_ = std::max<double>(rounded_, lost_[i]);
    }
    for (int64_t i = 0; norms != nullptr && i < count; ++i) {
        if (norms[order[i]] == 0) zero_rows_.push_back(static_cast<int32_t>(i));
    }
}

// The copy of a worker that has come to the pool since is the first one.
const float* PackedRows::data() const {
    const size_t worker = static_cast<size_t>(worker_index());
    if (packed_.size() == 1 || worker >= packed_.size()) return copies_.get();
    float* const copy = copies_.get() + static_cast<int64_t>(worker) * floats_;
    if (!packed_[worker]) {
        pack(0, padded_, copy);
        packed_[worker] = 1;
    }
    return copy;
}

// Positions begin..end-1, multiples of kTogether.
void PackedRows::pack(int64_t begin, int64_t end, float* out) const {
    const Scratch<float> rounded(round_ == nullptr ? 0 : kTogether * columns_);
    for (int64_t at = begin; at < end; at += kTogether) {
        const float* rows[kTogether];
        double factors[kTogether];
        for (int r = 0; r < kTogether; ++r) {
            // Beyond the last row any row will do, times zero.
            const int64_t row = count_ == 0 ? 0 : order_[std::min(at + r, count_ - 1)];
            rows[r] = x_ + row * d_;
            // The inverse is off by 2^-53, far less than the rounding to float32 that follows.
            factors[r] = at + r >= count_ ? 0 : norms_ == nullptr ? scale_ : norms_[row] == 0 ? 0 : 1 / norms_[row];
        }
        if (round_ != nullptr) {
            pack_rounded(rows, factors, at, rounded.get(), out);
        } else {
            pack_rows(rows, factors, d_, panel_, out + at / panel_ * panel_ * d_ + at % panel_);
        }
    }
}

void PackedRows::pack_rounded(const float* const* rows, const double* factors, int64_t at, float* memory,
                              float* out) const {
    const float* rounded[kTogether];
    for (int r = 0; r < kTogether; ++r) {
        float* const to = memory + r * columns_;
        const BlockKernels::Rounded row = round_(rows[r], static_cast<float>(factors[r]), d_, to);
        out[padded_ * columns_ + at + r] = row.square;
        lost_[at + r] = row.lost;
        rounded[r] = to;
    }
    turn_rows(rounded, columns_, panel_, out + at / panel_ * panel_ * columns_ + at % panel_);
}

double packing_scale(float largest) { return largest == 0 ? 1 : std::ldexp(1.0, 44 - std::ilogb(largest)); }

}  // namespace mien
