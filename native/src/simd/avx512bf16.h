#pragma once

// avx512.h, and dot products of bfloat16. Included by avx512bf16.cc files only.

#include "simd/avx512.h"

namespace {

// A format for cpu/network: pairs of bfloat16, multiplied and added up in float32.
struct DotBfloat16 {
    using Value = uint16_t;
    using Vector = __m512i;
    static constexpr int kStep = 2;

    static Vector load(const Value* p) { return _mm512_loadu_si512(p); }
    static Vector broadcast(const Value* p) {
        Vector x;
        asm("vpbroadcastd %1,%0" : "=v"(x) : "m"(*reinterpret_cast<const int32_t*>(p)));
        return x;
    }
    static Simd::Floats fma(Vector x, Vector weight, Simd::Floats sum) {
        return _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(x), reinterpret_cast<__m512bh>(weight));
    }
};

}  // namespace
