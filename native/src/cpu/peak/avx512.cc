// Sixteen lanes, twenty chains in 32 registers.

#include <immintrin.h>

#include "cpu/peak/peak.h"

namespace mien::avx512 {
namespace {

constexpr int kChains = 20;

float run(int64_t rounds) {
    const __m512 half = _mm512_set1_ps(0.5f);
    __m512 chain[kChains];
    for (int i = 0; i < kChains; ++i) chain[i] = _mm512_set1_ps(static_cast<float>(i));
    for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 20
        for (int i = 0; i < kChains; ++i) chain[i] = _mm512_fmadd_ps(chain[i], half, half);
    }
    __m512 sum = chain[0];
    for (int i = 1; i < kChains; ++i) sum = _mm512_add_ps(sum, chain[i]);
    return _mm512_cvtss_f32(sum);
}

}  // namespace

const PeakLoop peak{run, int64_t{2} * 16 * kChains};

}  // namespace mien::avx512
