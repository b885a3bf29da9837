#pragma once

// The block kernels over a Simd (simd/<isa>.h), for <isa>.cc beside this file.

#include "blocks.h"

namespace {

using mien::Form;
using mien::kBlock;

constexpr int kLine = 64 / sizeof(float);
constexpr int kPanel = Simd::kTileVectors * Simd::kFloats;
static_assert(kBlock % kPanel == 0 && kPanel % Simd::kTileRows == 0 && kPanel <= mien::kMaxPanel);

// One register tile: kTileRows rows, starting at `a` in their panel, against the panel b, while what lies `ahead` comes
// to the second cache. The first chunk of a row replaces what is in `sums`, later ones add to it.
template <Form form, bool embedded>
inline void tile(const float* a, const float* b, const float* ahead, int depth, bool first, float* sums,
                 int64_t stride) {
    constexpr int kRows = Simd::kTileRows, kVectors = Simd::kTileVectors;
    Simd::Floats total[kRows][kVectors];
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) total[i][v] = Simd::zero();
    }
    const Simd::Floats one = Simd::set(1.0f);
    for (int k = 0; k < depth; ++k) {
        if (k % Simd::kTilePrefetch == 0)
            _mm_prefetch(reinterpret_cast<const char*>(ahead + k / Simd::kTilePrefetch * kLine), _MM_HINT_T1);
        Simd::Floats columns[kVectors];
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) columns[v] = Simd::load(b + Simd::kFloats * v);
#pragma GCC unroll 8
        for (int i = 0; i < kRows; ++i) {
            Simd::Floats row;
            if (!embedded) row = Simd::broadcast(a + i);
#pragma GCC unroll 4
            for (int v = 0; v < kVectors; ++v) {
                const Simd::Floats difference =
                    embedded ? Simd::sub_broadcast(columns[v], a + i) : Simd::sub(columns[v], row);
                // |x| * 1 + sum: an FMA, as additions already fill their pipes with the differences.
                total[i][v] = form == Form::kSquares ? Simd::fma(difference, difference, total[i][v])
                                                     : Simd::fma(Simd::abs(difference), one, total[i][v]);
            }
        }
        a += kPanel;
        b += kPanel;
    }
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) {
            float* out = sums + i * stride + Simd::kFloats * v;
            Simd::store(out, first ? total[i][v] : Simd::add(Simd::load(out), total[i][v]));
        }
    }
}

template <Form form, bool embedded>
void block_sums(const float* a, int a_panels, const float* b, int b_panels, int64_t d, int chunk, float* sums,
                int64_t stride) {
    const int64_t panel_size = d * kPanel;
    for (int64_t k = 0; k < d; k += chunk) {
        const int depth = static_cast<int>(d - k < chunk ? d - k : chunk);
        for (int q = 0; q < b_panels; ++q) {
            const float* columns = b + q * panel_size + k * kPanel;
            // The chunk to come, of this panel or the one after, a part with each tile: panels come from beyond the
            // caches.
            const float* next = k + chunk < d ? columns + chunk * kPanel : b + (q + b_panels) * panel_size;
            for (int p = 0; p < a_panels; ++p) {
                const float* rows = a + p * panel_size + k * kPanel;
                float* out = sums + p * kPanel * stride + q * kPanel;
                for (int i = 0; i < kPanel; i += Simd::kTileRows) {
                    tile<form, embedded>(rows + i, columns, next, depth, k == 0, out + i * stride, stride);
                    next += (depth + Simd::kTilePrefetch - 1) / Simd::kTilePrefetch * kLine;
                }
            }
        }
    }
}

template <bool least>
void extremes(const float* sums, int rows, int columns, float* of_rows, float* of_columns) {
    constexpr int kVectors = kBlock / Simd::kFloats;
    const int vectors = columns / Simd::kFloats;
    Simd::Floats column[kVectors];
    for (int v = 0; v < vectors; ++v) column[v] = Simd::load(sums + Simd::kFloats * v);
    for (int i = 0; i < rows; ++i) {
        const float* values = sums + i * kBlock;
        Simd::Floats row = Simd::load(values);
        for (int v = 0; v < vectors; ++v) {
            const Simd::Floats x = Simd::load(values + Simd::kFloats * v);
            row = least ? Simd::min(row, x) : Simd::max(row, x);
            column[v] = least ? Simd::min(column[v], x) : Simd::max(column[v], x);
        }
        of_rows[i] = least ? Simd::horizontal_min(row) : Simd::horizontal_max(row);
    }
    for (int v = 0; v < vectors; ++v) Simd::store(of_columns + Simd::kFloats * v, column[v]);
}

template <bool most>
int64_t collect(const float* values, int64_t count, float limit, int32_t* positions) {
    int64_t found = 0, i = 0;
    const Simd::Floats limits = Simd::set(limit);
    for (; i + Simd::kFloats <= count; i += Simd::kFloats) {
        const Simd::Floats x = Simd::load(values + i);
        uint32_t bits = most ? Simd::at_most(x, limits) : Simd::at_least(x, limits);
        for (; bits != 0; bits &= bits - 1) positions[found++] = static_cast<int32_t>(i) + __builtin_ctz(bits);
    }
    for (; i < count; ++i) {
        if (most ? values[i] <= limit : values[i] >= limit) positions[found++] = static_cast<int32_t>(i);
    }
    return found;
}

int between(const float* values, int64_t count, float low, float high, int32_t* positions, int most) {
    int found = 0;
    const Simd::Floats lows = Simd::set(low), highs = Simd::set(high);
    for (int64_t i = 0; i < count; i += Simd::kFloats) {
        const Simd::Floats x = Simd::load(values + i);
        uint32_t bits = Simd::at_least(x, lows) & Simd::at_most(x, highs);
        for (; bits != 0; bits &= bits - 1) {
            if (found == most) return -1;
            positions[found++] = static_cast<int32_t>(i) + __builtin_ctz(bits);
        }
    }
    return found;
}

void least_above(const float* values, int64_t count, const float* thresholds, float* least) {
    constexpr int kThresholds = mien::BlockKernels::kThresholds;
    Simd::Floats limit[kThresholds], best[kThresholds];
    for (int t = 0; t < kThresholds; ++t) {
        limit[t] = Simd::set(thresholds[t]);
        best[t] = Simd::set(__builtin_inff());
    }
    for (int64_t i = 0; i < count; i += Simd::kFloats) {
        const Simd::Floats x = Simd::load(values + i);
        for (int t = 0; t < kThresholds; ++t) best[t] = Simd::min_above(best[t], x, limit[t]);
    }
    for (int t = 0; t < kThresholds; ++t) least[t] = Simd::horizontal_min(best[t]);
}

template <bool embedded>
constexpr mien::BlockKernels block_kernels() {
    return {kPanel,
            block_sums<Form::kSquares, embedded>,
            block_sums<Form::kAbsolutes, embedded>,
            extremes<true>,
            extremes<false>,
            collect<true>,
            collect<false>,
            between,
            least_above};
}

}  // namespace
