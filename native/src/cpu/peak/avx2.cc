// Eight lanes. Twelve chains: two pipes with a latency of four or five cycles need eight to ten in flight.

#include <immintrin.h>

#include "cpu/peak/peak.h"

namespace mien::avx2 {
namespace {

constexpr int kChains = 12;  // with the two constants 14 of 16 registers

float run(int64_t rounds) {
    const __m256 half = _mm256_set1_ps(0.5f);
    __m256 chain[kChains];
    for (int i = 0; i < kChains; ++i) chain[i] = _mm256_set1_ps(static_cast<float>(i));
    for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
        for (int i = 0; i < kChains; ++i) chain[i] = _mm256_fmadd_ps(chain[i], half, half);
    }
    __m256 sum = chain[0];
    for (int i = 1; i < kChains; ++i) sum = _mm256_add_ps(sum, chain[i]);
    return _mm256_cvtss_f32(sum);
}

}  // namespace

const PeakLoop peak{run, int64_t{2} * 8 * kChains};

}  // namespace mien::avx2
