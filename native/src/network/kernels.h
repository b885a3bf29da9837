#pragma once

// What the convolutions of a network are made of, one table per instruction set. Activations hold the channels of a
// pixel side by side; `width` channels of the output, a panel, are computed at a time.

#include <cstdint>

namespace mien {

constexpr int kMaxWidth = 64;        // most channels of a panel, on any instruction set
constexpr int kWinogradTile = 4;     // side of a tile of outputs: F(4x4, 3x3)
constexpr int kWinogradPoints = 36;  // of the 6 x 6 inputs that such a tile sees
constexpr int kWinogradWindow = 6;

struct NetworkKernels {
    int lanes;  // channels of a pixel are padded to a multiple of it
    int panel;  // channels of a whole panel, a multiple of lanes

    // sums[i][0..width) = (or, with add, +=) sum over k of rows[i][offset + k] * weights[k][0..width) for `count` rows;
    // width is a multiple of lanes, at most panel.
    using Multiply = void (*)(const float* const* rows, int64_t offset, float* const* sums, int count, int width,
                              const float* weights, int64_t depth, bool add);
    // The weights that follow are asked for ahead of time.
    Multiply multiply;

    // The same on bfloat16, two values at a time: depth is even, weights are (depth / 2, width, 2).
    using MultiplyBfloat16 = void (*)(const uint16_t* const* rows, int64_t offset, float* const* sums, int count,
                                      int width, const uint16_t* weights, int64_t depth, bool add);
    MultiplyBfloat16 multiply_bfloat16;

    // sums[i][0..width) = sum over k of pixels[offsets[k] + i] * weights[k][0..width): the first convolution, whose
    // input lies in planes.
    using MultiplyPlanes = void (*)(const float* pixels, const int32_t* offsets, int64_t depth, float* sums, int count,
                                    int width, const float* weights);
    MultiplyPlanes multiply_planes;

    // Channels 0..channels of the 6 x 6 pixels of a tile, transformed: out[point * stride + channel].
    using WinogradInput = void (*)(const float* const* pixels, int64_t channels, float* out, int64_t stride);
    WinogradInput winograd_input;

    // Sums of the points, in[point * stride + channel], as 4 x 4 pixels of `width` channels.
    using WinogradOutput = void (*)(const float* in, int64_t stride, int width, float* out);
    WinogradOutput winograd_output;

    // max(0, sums + shift) of rows x columns pixels (or their 2x2 maxima, `pool`) that lie `pitch` pixels of `width`
    // channels apart, into out, whose rows lie `out_pitch` values apart and pixels `out_step`.
    struct Block {
        const float* sums;
        int64_t rows, columns, pitch;
        int width;
        const float* shift;
        bool pool;
        int64_t out_pitch, out_step;
    };
    using Finish = void (*)(const Block& block, float* out);
    Finish finish;
    using FinishBfloat16 = void (*)(const Block& block, uint16_t* out);
    FinishBfloat16 finish_bfloat16;
};

namespace avx2 {
extern const NetworkKernels kNetwork;
}
namespace avx512 {
extern const NetworkKernels kNetwork;
}
namespace avx512bf16 {
extern const NetworkKernels kNetwork;  // with AVX512-BF16's dot products
}

}  // namespace mien
