#pragma once

// Number formats of the products: what a vector of weights is and how it meets an input.

#include <cstdint>

#include "network/kernels.h"

namespace mien {
namespace {

constexpr int kMostNetworkRows = 8;

struct Float32 {
    using Value = float;
    using Vector = Simd::Floats;
    static constexpr int kStep = 1;

    static Vector load(const Value* p) { return Simd::load(p); }
    static Vector broadcast(const Value* p) { return Simd::broadcast(p); }
    static Simd::Floats fma(Vector x, Vector weight, Simd::Floats sum) { return Simd::fma(x, weight, sum); }
};

// Pairs of bfloat16 taken apart into float32, where the processor has no dot product for them.
struct UnpackedBfloat16 {
    using Value = uint16_t;
    struct Vector {
        Simd::Floats low, high;
    };
    static constexpr int kStep = 2;

    static Vector load(const Value* p) { return {Simd::load_low_bfloat16(p), Simd::load_high_bfloat16(p)}; }
    static Vector broadcast(const Value* p) {
        return {Simd::set(Simd::from_bfloat16(p[0])), Simd::set(Simd::from_bfloat16(p[1]))};
    }
    static Simd::Floats fma(const Vector& x, const Vector& weight, Simd::Floats sum) {
        return Simd::fma(x.high, weight.high, Simd::fma(x.low, weight.low, sum));
    }
};

}  // namespace
}  // namespace mien
