#pragma once

// 8 float32 or 4 float64 lanes. Included by avx2.cc files only; internal linkage, as in avx512.h.

#include <immintrin.h>

#include <cstdint>

namespace {

struct Simd {
    using Floats = __m256;
    using Doubles = __m256d;
    static constexpr int kFloats = 8;
    static constexpr int kDoubles = 4;

    // Eight sums cover the latency of two FMA pipes; with differences and broadcasts they fill the 16 registers.
    static constexpr int kTileRows = 4;
    static constexpr int kTileVectors = 2;
    // Columns of a tile for each cache line that it asks for ahead of time.
    static constexpr int kTilePrefetch = 16;

    static Floats zero() { return _mm256_setzero_ps(); }
    static Floats set(float x) { return _mm256_set1_ps(x); }
    static Floats load(const float* p) { return _mm256_loadu_ps(p); }
    static void store(float* p, Floats x) { _mm256_storeu_ps(p, x); }
    static Floats add(Floats x, Floats y) { return _mm256_add_ps(x, y); }
    static Floats sub(Floats x, Floats y) { return _mm256_sub_ps(x, y); }
    static Floats mul(Floats x, Floats y) { return _mm256_mul_ps(x, y); }
    static Floats fma(Floats x, Floats y, Floats z) { return _mm256_fmadd_ps(x, y, z); }
    static Floats min(Floats x, Floats y) { return _mm256_min_ps(x, y); }
    static Floats max(Floats x, Floats y) { return _mm256_max_ps(x, y); }
    // Per lane min(best, x) where x is above the limit, else best.
    static Floats min_above(Floats best, Floats x, Floats limit) {
        return _mm256_blendv_ps(best, _mm256_min_ps(best, x), _mm256_cmp_ps(x, limit, _CMP_GT_OQ));
    }
    static Floats abs(Floats x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x); }
    static float horizontal_min(Floats x) {
        __m128 y = _mm_min_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
        y = _mm_min_ps(y, _mm_movehl_ps(y, y));
        return _mm_cvtss_f32(_mm_min_ss(y, _mm_shuffle_ps(y, y, 1)));
    }
    static float horizontal_max(Floats x) {
        __m128 y = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
        y = _mm_max_ps(y, _mm_movehl_ps(y, y));
        return _mm_cvtss_f32(_mm_max_ss(y, _mm_shuffle_ps(y, y, 1)));
    }
    static uint32_t at_most(Floats x, Floats limit) {
        return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(x, limit, _CMP_LE_OQ)));
    }
    static uint32_t at_least(Floats x, Floats limit) {
        return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(x, limit, _CMP_GE_OQ)));
    }

    static Floats broadcast(const float* p) { return _mm256_broadcast_ss(p); }
    // No embedded broadcasts before AVX-512.
    static Floats sub_broadcast(Floats x, const float* p) { return _mm256_sub_ps(x, _mm256_broadcast_ss(p)); }
};

}  // namespace
