#include "network/fast_network.h"

namespace mien {
namespace {

// Below this side the weights of Winograd's points, four times as many, cost more to read than they save.
constexpr int64_t kWinogradSide = 12;

Method method_of(const Convolution& shape, bool first, bool bfloat16) {
    if (first) return Method::kPlanes;
    if (bfloat16 || shape.height < kWinogradSide || shape.width < kWinogradSide) return Method::kDirect;
    return Method::kWinograd;
}

}  // namespace

FastNetwork::FastNetwork(const NetworkKernels& kernels, const NetworkShape& shape, bool bfloat16, int64_t batch)
    : kernels_(kernels), shape_(shape), bfloat16_(bfloat16), batch_(batch), layers_(shape.convolutions.size()) {}

void FastNetwork::set(int64_t index, const float* weight, const double* scale, const double* shift) {
    const Convolution& shape = shape_.convolutions[static_cast<size_t>(index)];
    // The first convolution sees pixels, of which bfloat16 would tell apart half as many, and costs little.
    const bool bfloat16 = bfloat16_ && index > 0;
    layers_[static_cast<size_t>(index)] = std::make_unique<PackedConvolution>(
        kernels_, shape, method_of(shape, index == 0, bfloat16), bfloat16, weight, scale, shift);
}

void FastNetwork::run(const float* images, int64_t n, int threads, float* features) {
    std::unique_ptr<Workspace> workspace = take();
    workspace->run(images, n, threads, features);
    give(std::move(workspace));
}

std::unique_ptr<Workspace> FastNetwork::take() {
    {
        std::lock_guard<std::mutex> lock(mutex_);
        if (!idle_.empty()) {
            std::unique_ptr<Workspace> last = std::move(idle_.back());
            idle_.pop_back();
            return last;
        }
    }
    return std::make_unique<Workspace>(kernels_, layers_, batch_);
}

void FastNetwork::give(std::unique_ptr<Workspace> workspace) {
    std::lock_guard<std::mutex> lock(mutex_);
    idle_.push_back(std::move(workspace));
}

}  // namespace mien
