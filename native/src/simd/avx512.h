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
    // The register tile of the gradient: rows x vectors.
    static constexpr int kGradientRows = 6;
    static constexpr int kGradientVectors = 2;
    // Columns of a tile for each cache line that it asks for ahead of time.
    static constexpr int kTilePrefetch = 4;
    // The register tiles of cpu/network: sums, and vectors of a whole panel.
    static constexpr int kNetworkSums = 24;
    static constexpr int kNetworkVectors = 4;

    static Floats zero() { return _mm512_setzero_ps(); }
    static Floats set(float x) { return _mm512_set1_ps(x); }
    static Floats load(const float* p) { return _mm512_loadu_ps(p); }
    static void store(float* p, Floats x) { _mm512_storeu_ps(p, x); }
    static float from_bfloat16(uint16_t x) { return _mm_cvtss_f32(_mm_castsi128_ps(_mm_cvtsi32_si128(x << 16))); }
    // The even and the odd ones of 32 bfloat16.
    static Floats load_low_bfloat16(const uint16_t* p) {
        return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_loadu_si512(p), 16));
    }
    static Floats load_high_bfloat16(const uint16_t* p) {
        return _mm512_castsi512_ps(_mm512_and_si512(_mm512_loadu_si512(p), _mm512_set1_epi32(-0x10000)));
    }
    // Rounded to the nearest, ties to even; x is finite.
    static void store_bfloat16(uint16_t* p, Floats x) {
        const __m512i bits = _mm512_castps_si512(x);
        const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
        const __m512i up = _mm512_add_epi32(_mm512_add_epi32(bits, odd), _mm512_set1_epi32(0x7fff));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi32_epi16(_mm512_srli_epi32(up, 16)));
    }
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
    // -1, 0 or 1.
    static Floats sign(Floats x) {
        const Floats one = _mm512_castsi512_ps(_mm512_or_si512(
            _mm512_and_si512(_mm512_castps_si512(x), _mm512_set1_epi32(INT32_MIN)), _mm512_set1_epi32(0x3f800000)));
        return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, zero(), _CMP_NEQ_OQ), one);
    }
    static Floats sqrt(Floats x) { return _mm512_sqrt_ps(x); }
    // x / y, 0 where y is 0.
    static Floats divide_or_zero(Floats x, Floats y) {
        return _mm512_maskz_div_ps(_mm512_cmp_ps_mask(y, zero(), _CMP_NEQ_OQ), x, y);
    }
    // Halves first, as in avx2.h, so that both round alike.
    static float horizontal_sum(Floats x) {
        const __m256 h = _mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1));
        __m128 y = _mm_add_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
        y = _mm_add_ps(y, _mm_movehl_ps(y, y));
        return _mm_cvtss_f32(_mm_add_ss(y, _mm_shuffle_ps(y, y, 1)));
    }
    static float horizontal_min(Floats x) { return _mm512_reduce_min_ps(x); }
    static float horizontal_max(Floats x) { return _mm512_reduce_max_ps(x); }
    // One bit per lane.
    static uint32_t at_most(Floats x, Floats limit) { return _mm512_cmp_ps_mask(x, limit, _CMP_LE_OQ); }
    static uint32_t at_least(Floats x, Floats limit) { return _mm512_cmp_ps_mask(x, limit, _CMP_GE_OQ); }

    static Doubles set_double(double x) { return _mm512_set1_pd(x); }
    static Doubles load_as_doubles(const float* p) { return _mm512_cvtps_pd(_mm256_loadu_ps(p)); }
    static void store_double(double* p, Doubles x) { _mm512_storeu_pd(p, x); }
    static Doubles add(Doubles x, Doubles y) { return _mm512_add_pd(x, y); }
    static Doubles sub(Doubles x, Doubles y) { return _mm512_sub_pd(x, y); }
    static Doubles mul(Doubles x, Doubles y) { return _mm512_mul_pd(x, y); }
    static Doubles fma(Doubles x, Doubles y, Doubles z) { return _mm512_fmadd_pd(x, y, z); }
    static Doubles div(Doubles x, Doubles y) { return _mm512_div_pd(x, y); }
    static Doubles abs(Doubles x) { return _mm512_abs_pd(x); }
    static double horizontal_sum(Doubles x) { return _mm512_reduce_add_pd(x); }
    // rows[i] lane j becomes rows[j] lane i.
    static void transpose(Doubles (&rows)[kDoubles]) {
        Doubles pairs[kDoubles], fours[kDoubles];
        for (int i = 0; i < kDoubles; i += 2) {
            pairs[i] = _mm512_unpacklo_pd(rows[i], rows[i + 1]);
            pairs[i + 1] = _mm512_unpackhi_pd(rows[i], rows[i + 1]);
        }
        for (int i = 0; i < 2; ++i) {
            for (int half = 0; half < 2; ++half) {
                const Doubles a = pairs[4 * half + i], b = pairs[4 * half + 2 + i];
                fours[4 * half + i] = _mm512_shuffle_f64x2(a, b, 0x88);      // 128-bit parts 0 and 2 of each
                fours[4 * half + 2 + i] = _mm512_shuffle_f64x2(a, b, 0xdd);  // 1 and 3
            }
        }
        for (int i = 0; i < 2; ++i) {
            // Parts 0 2 0 2 of columns i: those of rows 0..3 and 4..7.
            rows[i] = _mm512_shuffle_f64x2(fours[i], fours[4 + i], 0x88);
            rows[4 + i] = _mm512_shuffle_f64x2(fours[i], fours[4 + i], 0xdd);
            rows[2 + i] = _mm512_shuffle_f64x2(fours[2 + i], fours[6 + i], 0x88);
            rows[6 + i] = _mm512_shuffle_f64x2(fours[2 + i], fours[6 + i], 0xdd);
        }
    }

    using Ints = __m512i;
    static Ints set_int(int32_t x) { return _mm512_set1_epi32(x); }
    static Ints add_int(Ints x, Ints y) { return _mm512_add_epi32(x, y); }
    static void store_int(int32_t* p, Ints x) { _mm512_storeu_si512(p, x); }
    static Ints load_int(const int32_t* p) { return _mm512_loadu_si512(p); }
    static Ints sub_int(Ints x, Ints y) { return _mm512_sub_epi32(x, y); }
    static Floats to_floats(Ints x) { return _mm512_cvtepi32_ps(x); }
    static Floats gather(const float* p, Ints at) { return _mm512_i32gather_ps(at, p, sizeof(float)); }
    // Per lane at + step where x < y, else at.
    static Ints step_where_less(Ints at, Ints step, Floats x, Floats y) {
        return _mm512_mask_add_epi32(at, _mm512_cmp_ps_mask(x, y, _CMP_LT_OQ), at, step);
    }
    // A table of 2 kFloats values; at < 2 kFloats.
    static Floats pick(Floats low, Floats high, Ints at) { return _mm512_permutex2var_ps(low, at, high); }

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
