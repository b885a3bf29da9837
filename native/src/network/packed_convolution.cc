#include "network/packed_convolution.h"

#include <cstring>

#include "parallel.h"

namespace mien {
namespace {

// Rows of the transform of a filter, G in Lavin and Gray.
constexpr double kFilter[kWinogradWindow][3] = {{1.0 / 4, 0, 0},
                                                {-1.0 / 6, -1.0 / 6, -1.0 / 6},
                                                {-1.0 / 6, 1.0 / 6, -1.0 / 6},
                                                {1.0 / 24, 1.0 / 12, 1.0 / 6},
                                                {1.0 / 24, -1.0 / 12, 1.0 / 6},
                                                {0, 0, 1}};

// G w G^T of a 3 x 3 filter.
void transform_filter(const double* w, double* out) {
    for (int i = 0; i < kWinogradWindow; ++i) {
        double row[3] = {0, 0, 0};
        for (int y = 0; y < 3; ++y) {
            for (int x = 0; x < 3; ++x) row[x] += kFilter[i][y] * w[3 * y + x];
        }
        for (int j = 0; j < kWinogradWindow; ++j) {
            out[kWinogradWindow * i + j] = row[0] * kFilter[j][0] + row[1] * kFilter[j][1] + row[2] * kFilter[j][2];
        }
    }
}

}  // namespace

uint16_t to_bfloat16(float x) {
    uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

float rounded_to_bfloat16(float x) {
    const uint32_t bits = static_cast<uint32_t>(to_bfloat16(x)) << 16;
    std::memcpy(&x, &bits, sizeof bits);
    return x;
}

PackedConvolution::PackedConvolution(const NetworkKernels& kernels, const Convolution& shape, Method method,
                                     bool bfloat16, const float* weight, const double* scale, const double* shift)
    : kernels_(&kernels),
      shape_(shape),
      method_(method),
      bfloat16_(bfloat16),
      in_step_(round_up(shape.in, kernels.lanes)),
      out_step_(round_up(shape.out, kernels.lanes)),
      depth_(method == Method::kPlanes ? shape.in * kTaps
             : bfloat16                ? round_up(shape.in, 2)
                                       : shape.in),
      panels_(static_cast<int>((out_step_ + kernels.panel - 1) / kernels.panel)),
      products_(method == Method::kPlanes   ? 1
                : method == Method::kDirect ? kTaps
                                            : kWinogradPoints),
      weights_(out_step_ * products_ * depth_ * static_cast<int64_t>(bfloat16 ? sizeof(uint16_t) : sizeof(float))),
      shift_(static_cast<size_t>(out_step_)) {
    parallel_rows(shape.out, static_cast<double>(shape.out * shape.in * products_), [&](int64_t begin, int64_t end) {
        for (int64_t o = begin; o < end; ++o) {
            shift_[static_cast<size_t>(o)] = static_cast<float>(shift[o]);
            pack(o, weight + o * shape.in * kTaps, scale == nullptr ? 1 : scale[o]);
        }
    });
}

// The filters (in, 3, 3) of an output channel.
void PackedConvolution::pack(int64_t channel, const float* weight, double scale) {
    const int panel = static_cast<int>(channel / kernels_->panel);
    const int64_t column = channel % kernels_->panel, pitch = width(panel), product = depth_ * pitch;
    float* floats = const_cast<float*>(weights<float>(panel, 0));
    uint16_t* halves = const_cast<uint16_t*>(weights<uint16_t>(panel, 0));
    for (int64_t i = 0; i < shape_.in; ++i) {
        double filter[kTaps], points[kWinogradPoints];
        for (int tap = 0; tap < kTaps; ++tap) filter[tap] = static_cast<double>(weight[i * kTaps + tap]) * scale;
        if (method_ == Method::kWinograd) transform_filter(filter, points);
        for (int p = 0; p < (method_ == Method::kWinograd ? kWinogradPoints : kTaps); ++p) {
            if (method_ == Method::kWinograd) {
                floats[p * product + i * pitch + column] = static_cast<float>(points[p]);
            } else if (method_ == Method::kPlanes) {
                floats[(i * kTaps + p) * pitch + column] = static_cast<float>(filter[p]);
            } else if (!bfloat16_) {
                floats[p * product + i * pitch + column] = static_cast<float>(filter[kTapOrder[p]]);
            } else {
                halves[p * product + (i / 2 * pitch + column) * 2 + i % 2] =
                    to_bfloat16(static_cast<float>(filter[kTapOrder[p]]));
            }
        }
    }
}

int PackedConvolution::width(int panel) const {
    const int64_t rest = out_step_ - static_cast<int64_t>(panel) * kernels_->panel;
    return static_cast<int>(rest < kernels_->panel ? rest : kernels_->panel);
}

}  // namespace mien
