// Baseline x86-64 has no fused multiply-add: a product and a sum in its place, each on four lanes.

#include <emmintrin.h>

#include "cpu/peak/peak.h"

namespace mien::serial {
namespace {

constexpr int kChains = 12;  // with the two constants 14 of 16 registers

float run(int64_t rounds) {
    const __m128 half = _mm_set1_ps(0.5f);
    __m128 chain[kChains];
    for (int i = 0; i < kChains; ++i) chain[i] = _mm_set1_ps(static_cast<float>(i));
    for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
        for (int i = 0; i < kChains; ++i) chain[i] = _mm_add_ps(_mm_mul_ps(chain[i], half), half);
    }
    __m128 sum = chain[0];
    for (int i = 1; i < kChains; ++i) sum = _mm_add_ps(sum, chain[i]);
    return _mm_cvtss_f32(sum);
}

}  // namespace

const PeakLoop peak{run, int64_t{2} * 4 * kChains};

}  // namespace mien::serial
