// Blocks by products of bfloat16, two columns at a time: twice the multiply-adds of float32, and no differences.

#include "simd/avx512bf16.h"

#include <cmath>

#include "cpu/blocks/walk.h"

namespace {

using mien::BlockKernels;

constexpr int kRows = Simd::kTileRows, kVectors = Simd::kTileVectors;

// Two bfloat16 each.
using Pairs = __m512bh;

Pairs load(const float* p) { return reinterpret_cast<Pairs>(_mm512_loadu_si512(p)); }
Pairs broadcast(const float* p) {
    __m512i x;
    asm("vpbroadcastd %1,%0" : "=v"(x) : "m"(*p));
    return reinterpret_cast<Pairs>(x);
}

// What a tile adds to: the squares of its rows and columns at first.
struct Corner {
    const float *a_squares, *b_squares;
    float* sums;
    int64_t stride;
    bool first, last;

    void add(int row, int vector, Simd::Floats products) const {
        float* const out = sums + row * stride + Simd::kFloats * vector;
        const Simd::Floats before =
            first ? Simd::add(Simd::set(a_squares[row]), Simd::load(b_squares + Simd::kFloats * vector))
                  : Simd::load(out);
        const Simd::Floats sum = Simd::fma(products, Simd::set(-2.0f), before);
        Simd::store(out, last ? Simd::max(sum, Simd::zero()) : sum);
    }
};

// As tile() of cpu/blocks/tiles.h.
inline void tile(const float* a, const float* b, const float* ahead, int depth, const Corner& corner) {
    Simd::Floats total[kRows][kVectors];
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) total[i][v] = Simd::zero();
    }
    for (int k = 0; k < depth; ++k) {
        if (k % Simd::kTilePrefetch == 0)
            _mm_prefetch(reinterpret_cast<const char*>(ahead + k / Simd::kTilePrefetch * kLine), _MM_HINT_T1);
        _mm_prefetch(reinterpret_cast<const char*>(a + 16 * kPanel), _MM_HINT_T0);
        Pairs columns[kVectors];
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) columns[v] = load(b + Simd::kFloats * v);
#pragma GCC unroll 8
        for (int i = 0; i < kRows; ++i) {
            const Pairs row = broadcast(a + i);
#pragma GCC unroll 4
            for (int v = 0; v < kVectors; ++v) total[i][v] = _mm512_dpbf16_ps(total[i][v], row, columns[v]);
        }
        a += kPanel;
        b += kPanel;
    }
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) corner.add(i, v, total[i][v]);
    }
}

void products(const float* a, const float* a_squares, int rows, const float* b, const float* b_squares, int b_panels,
              int64_t pairs, int chunk, float* sums, int64_t stride) {
    walk(a, rows, b, b_panels, pairs, chunk, [&](const Tile& t) {
        tile(t.a, t.b, t.ahead, t.depth,
             {a_squares + t.row, b_squares + t.column, sums + t.row * stride + t.column, stride, t.first, t.last});
    });
}

// Sixteen values: what is left of each after rounding.
struct Halves {
    __m256i values;
    Simd::Floats kept, lost;

    Halves(Simd::Floats x) {
        const __m256bh rounded = _mm512_cvtneps_pbh(x);
        values = reinterpret_cast<__m256i>(rounded);
        kept = _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(values), 16));
        lost = Simd::sub(x, kept);
    }
};

BlockKernels::Rounded round(const float* row, float factor, int64_t d, float* out) {
    Simd::Doubles square = Simd::set_double(0), lost = square;
    const auto add = [](Simd::Doubles& to, Simd::Floats x) {
        const Simd::Doubles low = _mm512_cvtps_pd(_mm512_castps512_ps256(x));
        const Simd::Doubles high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1));
        to = _mm512_fmadd_pd(low, low, _mm512_fmadd_pd(high, high, to));
    };
    for (int64_t k = 0; k < d; k += Simd::kFloats) {
        const int64_t left = d - k;
        const auto some = static_cast<__mmask16>(left < Simd::kFloats ? (1u << left) - 1 : 0xffffu);
        const Halves halves(Simd::mul(_mm512_maskz_loadu_ps(some, row + k), Simd::set(factor)));
        add(square, halves.kept);
        add(lost, halves.lost);
        const auto pairs = static_cast<__mmask8>(left < Simd::kFloats ? (1u << (left + 1) / 2) - 1 : 0xffu);
        _mm256_mask_storeu_epi32(out + k / 2, pairs, halves.values);
    }
    return {static_cast<float>(_mm512_reduce_add_pd(square)),
            static_cast<float>(1.000001 * std::sqrt(_mm512_reduce_add_pd(lost)))};
}

}  // namespace

namespace mien::avx512bf16 {
const BlockKernels::Products kProducts = products;
const BlockKernels::Round kRound = round;
}  // namespace mien::avx512bf16
