#pragma once

#include <cstdint>
#include <vector>

#include "network/convolution.h"

namespace mien::serial {

// A convolution's weights as the specification takes them: (out, in, 3, 3), scaled, and shift (out).
struct ConvolutionWeights {
    std::vector<float> weight;
    std::vector<float> shift;
};

// Features (d) of one image (c, h, w): plain loops, sums in float64. With bfloat16, weights and inputs of all
// convolutions but the first are rounded to it.
void network(const NetworkShape& shape, const std::vector<ConvolutionWeights>& weights, bool bfloat16,
             const float* image, float* features);

}  // namespace mien::serial
