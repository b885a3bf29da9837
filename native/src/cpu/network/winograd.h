#pragma once

// Winograd's F(4x4, 3x3) after Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2016), with the
// interpolation points 0, 1, -1, 2, -2 and infinity: 36 products instead of 144 for each 4 x 4 outputs.

#include <cstdint>

#include "network/kernels.h"

namespace mien {
namespace {

// One row or column of the input's transform, x and y being `step` vectors apart.
void transform_input(const Simd::Floats* x, Simd::Floats* y, int step) {
    const Simd::Floats two = Simd::set(2), four = Simd::set(4), five = Simd::set(5);
    const Simd::Floats x0 = x[0], x1 = x[step], x2 = x[2 * step], x3 = x[3 * step], x4 = x[4 * step], x5 = x[5 * step];
    const Simd::Floats even = Simd::sub(x4, Simd::mul(four, x2)), odd = Simd::sub(x3, Simd::mul(four, x1));
    const Simd::Floats near = Simd::sub(x4, x2), far = Simd::mul(two, Simd::sub(x3, x1));
    y[0] = Simd::add(Simd::sub(Simd::mul(four, x0), Simd::mul(five, x2)), x4);
    y[step] = Simd::add(even, odd);
    y[2 * step] = Simd::sub(even, odd);
    y[3 * step] = Simd::add(near, far);
    y[4 * step] = Simd::sub(near, far);
    y[5 * step] = Simd::add(Simd::sub(Simd::mul(four, x1), Simd::mul(five, x3)), x5);
}

void winograd_input(const float* const* pixels, int64_t channels, float* out, int64_t stride) {
    for (int64_t c = 0; c < channels; c += Simd::kFloats) {
        Simd::Floats x[kWinogradPoints], y[kWinogradPoints];
        for (int i = 0; i < kWinogradPoints; ++i) x[i] = Simd::load(pixels[i] + c);
        for (int i = 0; i < kWinogradWindow; ++i) transform_input(x + i, y + i, kWinogradWindow);
        for (int i = 0; i < kWinogradWindow; ++i) transform_input(y + kWinogradWindow * i, x + kWinogradWindow * i, 1);
        for (int i = 0; i < kWinogradPoints; ++i) Simd::store(out + i * stride + c, x[i]);
    }
}

void transform_output(const Simd::Floats* x, int x_step, Simd::Floats* y, int y_step) {
    const Simd::Floats two = Simd::set(2), four = Simd::set(4), eight = Simd::set(8);
    const Simd::Floats x1 = x[x_step], x2 = x[2 * x_step], x3 = x[3 * x_step], x4 = x[4 * x_step];
    const Simd::Floats near = Simd::add(x1, x2), far = Simd::add(x3, x4);
    const Simd::Floats turn = Simd::sub(x1, x2), wide = Simd::sub(x3, x4);
    y[0] = Simd::add(Simd::add(x[0], near), far);
    y[y_step] = Simd::add(turn, Simd::mul(two, wide));
    y[2 * y_step] = Simd::add(near, Simd::mul(four, far));
    y[3 * y_step] = Simd::add(Simd::add(turn, Simd::mul(eight, wide)), x[5 * x_step]);
}

void winograd_output(const float* in, int64_t stride, int width, float* out) {
    for (int c = 0; c < width; c += Simd::kFloats) {
        Simd::Floats x[kWinogradPoints], y[kWinogradTile * kWinogradWindow], z[kWinogradTile * kWinogradTile];
        for (int i = 0; i < kWinogradPoints; ++i) x[i] = Simd::load(in + i * stride + c);
        for (int i = 0; i < kWinogradWindow; ++i) transform_output(x + i, kWinogradWindow, y + i, kWinogradWindow);
        for (int i = 0; i < kWinogradTile; ++i) transform_output(y + kWinogradWindow * i, 1, z + kWinogradTile * i, 1);
        for (int i = 0; i < kWinogradTile * kWinogradTile; ++i) Simd::store(out + i * width + c, z[i]);
    }
}

}  // namespace
}  // namespace mien
