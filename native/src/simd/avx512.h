#pragma once

// 16 float32 or 8 float64 lanes. Included by avx512.cc files only: everything has internal linkage, so that code built
// with AVX-512 cannot replace code that runs on any CPU.

#include <immintrin.h>

#include <cstdint>

namespace {

struct Simd {
    using Floats = __m512;
    using Doubles = __m512d;
    static constexpr int kFloats = 16;
    static constexpr int kDoubles = 8;

    // The register tile of cpu/blocks: rows x vectors. 8 x 48 reached 98 % of the FMA peak on Zen 5
    // (lab/tile_avx512.cc).
    static constexpr int kTileRows = 8;
    static constexpr int kTileVectors = 3;
    // Columns of a tile for each cache line that it asks for ahead of time.
    static constexpr int kTilePrefetch = 4;

    static Floats zero() { return _mm512_setzero_ps(); }
    static Floats set(float x) { return _mm512_set1_ps(x); }
    static Floats load(const float* p) { return _mm512_loadu_ps(p); }
    static void store(float* p, Floats x) { _mm512_storeu_ps(p, x); }
    static Floats add(Floats x, Floats y) { return _mm512_add_ps(x, y); }
    static Floats sub(Floats x, Floats y) { return _mm512_sub_ps(x, y); }
    static Floats mul(Floats x, Floats y) { return _mm512_mul_ps(x, y); }
    static Floats fma(Floats x, Floats y, Floats z) { return _mm512_fmadd_ps(x, y, z); }
    static Floats min(Floats x, Floats y) { return _mm512_min_ps(x, y); }
    static Floats max(Floats x, Floats y) { return _mm512_max_ps(x, y); }
    // Per lane min(best, x) where x is above the limit, else best.
    static Floats min_above(Floats best, Floats x, Floats limit) {
        return _mm512_mask_min_ps(best, _mm512_cmp_ps_mask(x, limit, _CMP_GT_OQ), best, x);
    }
    static Floats abs(Floats x) {
        return _mm512_castsi512_ps(_mm512_and_si512(_mm512_castps_si512(x), _mm512_set1_epi32(0x7fffffff)));
    }
    static float horizontal_min(Floats x) { return _mm512_reduce_min_ps(x); }
    static float horizontal_max(Floats x) { return _mm512_reduce_max_ps(x); }
    // One bit per lane.
    static uint32_t at_most(Floats x, Floats limit) { return _mm512_cmp_ps_mask(x, limit, _CMP_LE_OQ); }
    static uint32_t at_least(Floats x, Floats limit) { return _mm512_cmp_ps_mask(x, limit, _CMP_GE_OQ); }

    // The compiler would hoist the load of a broadcast in its own way; these two pin it down.
    static Floats broadcast(const float* p) {
        Floats x;
        asm("vbroadcastss %1,%0" : "=v"(x) : "m"(*p));
        return x;
    }
    static Floats sub_broadcast(Floats x, const float* p) {
        Floats difference;
        asm("vsubps %2%{1to16%},%1,%0" : "=v"(difference) : "v"(x), "m"(*p));
        return difference;
    }
};

}  // namespace
