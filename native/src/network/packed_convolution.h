#pragma once

#include <cstdint>
#include <vector>

#include "network/convolution.h"
#include "network/kernels.h"
#include "network/pages.h"

namespace mien {

// How a convolution is computed.
enum class Method {
    kPlanes,    // from planes, all taps of all channels in one sum: the first one
    kDirect,    // a product per tap, over the pixels for which the tap lies inside the image
    kWinograd,  // F(4x4, 3x3): a product per point
};

// A convolution with its weights in the order in which the kernels read them.
class PackedConvolution {
public:
    // weight (out, in, 3, 3), times scale (out) in float64; scale may be null
    PackedConvolution(const NetworkKernels& kernels, const Convolution& shape, Method method, bool bfloat16,
                      const float* weight, const double* scale, const double* shift);

    const Convolution& shape() const { return shape_; }
    Method method() const { return method_; }
    bool bfloat16() const { return bfloat16_; }   // of inputs and weights
    int64_t in_step() const { return in_step_; }  // channels of a pixel in memory
    int64_t out_step() const { return out_step_; }
    int64_t depth() const { return depth_; }  // of one product, in values
    int panels() const { return panels_; }
    int width(int panel) const;  // in channels
    const float* shift(int panel) const { return shift_.data() + panel * kernels_->panel; }

    // Weights (depth, width) of the product at `position`: a tap in the order of kTapOrder, a Winograd point, or 0.
    template <typename T>
    const T* weights(int panel, int position) const {
        return weights_.as<T>() + depth_ * (panel * products_ * kernels_->panel + position * width(panel));
    }

private:
    void pack(int64_t channel, const float* weight, double scale);

    const NetworkKernels* kernels_;
    Convolution shape_;
    Method method_;
    bool bfloat16_;
    int64_t in_step_, out_step_, depth_;
    int panels_;
    int64_t products_;
    Pages weights_;
    std::vector<float> shift_;
};

// The middle first: it meets every pixel, so that it starts the sums that the others add to.
constexpr int kTapOrder[kTaps] = {4, 0, 1, 2, 3, 5, 6, 7, 8};

inline int64_t round_up(int64_t x, int64_t unit) { return (x + unit - 1) / unit * unit; }

uint16_t to_bfloat16(float x);

}  // namespace mien
