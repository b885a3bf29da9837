#include "cpu/network/serial.h"

#include <algorithm>

namespace mien::serial {
namespace {

std::vector<float> rounded(std::vector<float> values, bool bfloat16) {
    if (bfloat16) std::transform(values.begin(), values.end(), values.begin(), rounded_to_bfloat16);
    return values;
}

std::vector<float> convolve(const Convolution& shape, const std::vector<float>& in, const std::vector<float>& weight,
                            const std::vector<float>& shift) {
    const int64_t height = shape.height, width = shape.width;
    std::vector<float> out(static_cast<size_t>(shape.out * height * width));
    std::vector<double> sums(static_cast<size_t>(height * width));
    for (int64_t o = 0; o < shape.out; ++o) {
        std::fill(sums.begin(), sums.end(), static_cast<double>(shift[static_cast<size_t>(o)]));
        for (int64_t i = 0; i < shape.in * kTaps; ++i) {
            const int64_t channel = i / kTaps, dy = i % kTaps / 3 - 1, dx = i % 3 - 1;
            const double w = static_cast<double>(weight[static_cast<size_t>(o * shape.in * kTaps + i)]);
            for (int64_t y = std::max<int64_t>(0, -dy); y < std::min(height, height - dy); ++y) {
                const float* row = in.data() + (channel * height + y + dy) * width;
                for (int64_t x = std::max<int64_t>(0, -dx); x < std::min(width, width - dx); ++x) {
                    sums[static_cast<size_t>(y * width + x)] += w * static_cast<double>(row[x + dx]);
                }
            }
        }
        for (size_t p = 0; p < sums.size(); ++p) {
            out[static_cast<size_t>(o) * sums.size() + p] = static_cast<float>(std::max(0.0, sums[p]));
        }
    }
    return out;
}

std::vector<float> pooled(const Convolution& shape, const std::vector<float>& in) {
    if (!shape.pool) return in;
    const int64_t height = shape.out_height(), width = shape.out_width();
    std::vector<float> out;
    for (int64_t c = 0; c < shape.out; ++c) {
        for (int64_t y = 0; y < height; ++y) {
            for (int64_t x = 0; x < width; ++x) {
                const float* p = in.data() + (c * shape.height + 2 * y) * shape.width + 2 * x;
                out.push_back(std::max(std::max(p[0], p[1]), std::max(p[shape.width], p[shape.width + 1])));
            }
        }
    }
    return out;
}

}  // namespace

void network(const NetworkShape& shape, const std::vector<ConvolutionWeights>& weights, bool bfloat16,
             const float* image, float* features) {
    std::vector<float> x(image, image + shape.channels * shape.height * shape.width);
    for (size_t i = 0; i < weights.size(); ++i) {
        const Convolution& convolution = shape.convolutions[i];
        const bool round = bfloat16 && i > 0;
        x = pooled(convolution, convolve(convolution, rounded(std::move(x), round), rounded(weights[i].weight, round),
                                         weights[i].shift));
    }
    const int64_t pixels = static_cast<int64_t>(x.size()) / shape.features();
    for (int64_t c = 0; c < shape.features(); ++c) {
        double sum = 0;
        for (int64_t p = 0; p < pixels; ++p) sum += static_cast<double>(x[static_cast<size_t>(c * pixels + p)]);
        features[c] = static_cast<float>(sum / static_cast<double>(pixels));
    }
}

}  // namespace mien::serial
