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
    // The register tile of the gradient: rows x vectors.
    static constexpr int kGradientRows = 3;
    static constexpr int kGradientVectors = 2;
    // Columns of a tile for each cache line that it asks for ahead of time.
    static constexpr int kTilePrefetch = 16;
    // The register tiles of cpu/network: sums, and vectors of a whole panel.
    static constexpr int kNetworkSums = 12;
    static constexpr int kNetworkVectors = 2;

    static Floats zero() { return _mm256_setzero_ps(); }
    static Floats set(float x) { return _mm256_set1_ps(x); }
    static Floats load(const float* p) { return _mm256_loadu_ps(p); }
    static void store(float* p, Floats x) { _mm256_storeu_ps(p, x); }
    static float from_bfloat16(uint16_t x) { return _mm_cvtss_f32(_mm_castsi128_ps(_mm_cvtsi32_si128(x << 16))); }
    // The even and the odd ones of 16 bfloat16.
    static Floats load_low_bfloat16(const uint16_t* p) {
        return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)), 16));
    }
    static Floats load_high_bfloat16(const uint16_t* p) {
        return _mm256_castsi256_ps(
            _mm256_and_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)), _mm256_set1_epi32(-0x10000)));
    }
    // Rounded to the nearest, ties to even; x is finite.
    static void store_bfloat16(uint16_t* p, Floats x) {
        const __m256i bits = _mm256_castps_si256(x);
        const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
        const __m256i up = _mm256_add_epi32(_mm256_add_epi32(bits, odd), _mm256_set1_epi32(0x7fff));
        const __m256i high = _mm256_srli_epi32(up, 16);
        _mm_storeu_si128(reinterpret_cast<__m128i*>(p),
                         _mm_packus_epi32(_mm256_castsi256_si128(high), _mm256_extracti128_si256(high, 1)));
    }
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
    // -1, 0 or 1.
    static Floats sign(Floats x) {
        const Floats one = _mm256_or_ps(_mm256_and_ps(x, _mm256_set1_ps(-0.0f)), _mm256_set1_ps(1.0f));
        return _mm256_and_ps(one, _mm256_cmp_ps(x, zero(), _CMP_NEQ_OQ));
    }
    static Floats sqrt(Floats x) { return _mm256_sqrt_ps(x); }
    // x / y, 0 where y is 0.
    static Floats divide_or_zero(Floats x, Floats y) {
        return _mm256_and_ps(_mm256_div_ps(x, y), _mm256_cmp_ps(y, zero(), _CMP_NEQ_OQ));
    }
    static float horizontal_sum(Floats x) {
        __m128 y = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
        y = _mm_add_ps(y, _mm_movehl_ps(y, y));
        return _mm_cvtss_f32(_mm_add_ss(y, _mm_shuffle_ps(y, y, 1)));
    }
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

    static Doubles set_double(double x) { return _mm256_set1_pd(x); }
    static Doubles load_as_doubles(const float* p) { return _mm256_cvtps_pd(_mm_loadu_ps(p)); }
    static void store_double(double* p, Doubles x) { _mm256_storeu_pd(p, x); }
    static Doubles add(Doubles x, Doubles y) { return _mm256_add_pd(x, y); }
    static Doubles sub(Doubles x, Doubles y) { return _mm256_sub_pd(x, y); }
    static Doubles mul(Doubles x, Doubles y) { return _mm256_mul_pd(x, y); }
    static Doubles fma(Doubles x, Doubles y, Doubles z) { return _mm256_fmadd_pd(x, y, z); }
    static Doubles div(Doubles x, Doubles y) { return _mm256_div_pd(x, y); }
    static Doubles abs(Doubles x) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), x); }
    static double horizontal_sum(Doubles x) {
        const __m128d y = _mm_add_pd(_mm256_castpd256_pd128(x), _mm256_extractf128_pd(x, 1));
        return _mm_cvtsd_f64(_mm_add_sd(y, _mm_unpackhi_pd(y, y)));
    }
    // rows[i] lane j becomes rows[j] lane i.
    static void transpose(Doubles (&rows)[kDoubles]) {
        const Doubles a = _mm256_unpacklo_pd(rows[0], rows[1]), b = _mm256_unpackhi_pd(rows[0], rows[1]);
        const Doubles c = _mm256_unpacklo_pd(rows[2], rows[3]), d = _mm256_unpackhi_pd(rows[2], rows[3]);
        rows[0] = _mm256_permute2f128_pd(a, c, 0x20);
        rows[1] = _mm256_permute2f128_pd(b, d, 0x20);
        rows[2] = _mm256_permute2f128_pd(a, c, 0x31);
        rows[3] = _mm256_permute2f128_pd(b, d, 0x31);
    }

    using Ints = __m256i;
    static Ints set_int(int32_t x) { return _mm256_set1_epi32(x); }
    static Ints add_int(Ints x, Ints y) { return _mm256_add_epi32(x, y); }
    static void store_int(int32_t* p, Ints x) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), x); }
    static Ints load_int(const int32_t* p) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
    static Ints sub_int(Ints x, Ints y) { return _mm256_sub_epi32(x, y); }
    static Floats to_floats(Ints x) { return _mm256_cvtepi32_ps(x); }
    static Floats gather(const float* p, Ints at) { return _mm256_i32gather_ps(p, at, sizeof(float)); }
    // Per lane at + step where x < y, else at.
    static Ints step_where_less(Ints at, Ints step, Floats x, Floats y) {
        const __m256i less = _mm256_castps_si256(_mm256_cmp_ps(x, y, _CMP_LT_OQ));
        return _mm256_add_epi32(at, _mm256_and_si256(less, step));
    }
    // A table of 2 kFloats values; at < 2 kFloats.
    static Floats pick(Floats low, Floats high, Ints at) {
        const __m256 upper = _mm256_castsi256_ps(_mm256_slli_epi32(at, 28));  // bit 3 becomes the sign
        return _mm256_blendv_ps(_mm256_permutevar8x32_ps(low, at), _mm256_permutevar8x32_ps(high, at), upper);
    }

    static Floats broadcast(const float* p) { return _mm256_broadcast_ss(p); }
    // No embedded broadcasts before AVX-512.
    static Floats sub_broadcast(Floats x, const float* p) { return _mm256_sub_ps(x, _mm256_broadcast_ss(p)); }
};

}  // namespace
