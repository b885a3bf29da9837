#pragma once

#include <cstdint>
#include <vector>

namespace mien {

// A 3x3 convolution of stride 1, padded by 1, with what follows it: a shift per channel, ReLU and perhaps a 2x2 max
// pool of stride 2.
struct Convolution {
    int64_t in, out;        // channels
    int64_t height, width;  // of its input, in pixels
    bool pool;

    // What has to be computed: a pool passes over the last row and column of an odd side.
    int64_t rows() const { return pool ? height / 2 * 2 : height; }
    int64_t columns() const { return pool ? width / 2 * 2 : width; }
    int64_t out_height() const { return pool ? height / 2 : height; }
    int64_t out_width() const { return pool ? width / 2 : width; }
};

constexpr int kTaps = 9;
constexpr int64_t kMaxSide = 72;  // of an image, in pixels: two rows are a task's most

// A stack of convolutions, a global average pool and a linear head.
struct NetworkShape {
    int64_t channels, height, width;
    std::vector<Convolution> convolutions;
    int64_t classes;

    int64_t features() const { return convolutions.back().out; }
};

// The nearest bfloat16, ties to even, as a float32.
float rounded_to_bfloat16(float x);

}  // namespace mien
