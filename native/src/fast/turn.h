#pragma once

// Code that files of every instruction set compile for themselves, hence the unnamed namespace.

#include <xmmintrin.h>

#include "fast/blocks.h"

namespace {

// Turns four rows and columns of a block: out[j * kBlock + i] = in[i * kBlock + j].
inline void turn(const float* in, float* out) {
    __m128 a = _mm_loadu_ps(in), b = _mm_loadu_ps(in + mien::kBlock);
    __m128 c = _mm_loadu_ps(in + 2 * mien::kBlock), d = _mm_loadu_ps(in + 3 * mien::kBlock);
    _MM_TRANSPOSE4_PS(a, b, c, d);
    _mm_storeu_ps(out, a);
    _mm_storeu_ps(out + mien::kBlock, b);
    _mm_storeu_ps(out + 2 * mien::kBlock, c);
    _mm_storeu_ps(out + 3 * mien::kBlock, d);
}

}  // namespace
