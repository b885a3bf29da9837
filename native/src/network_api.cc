// Networks: shapes and arguments checked, then the kernels of the instruction set in use, or the specification.

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "checks.h"
#include "cpu/network/serial.h"
#include "dispatch.h"
#include "mien/mien.h"
#include "network/fast_network.h"
#include "parallel.h"

namespace mien {
namespace {

constexpr int64_t kMaxChannels = 8192;
constexpr int64_t kMaxBatch = 4096;
constexpr int kMaxThreads = 1024;

void check_range(const char* name, int64_t value, int64_t most) {
    require(value >= 1 && value <= most,
            std::string(name) + " must be 1.." + std::to_string(most) + ", not " + std::to_string(value));
}

NetworkShape shape_of(int64_t channels, int64_t height, int64_t width, const int64_t* plan, int64_t layers,
                      int64_t classes) {
    check_range("channels", channels, kMaxChannels);
    check_range("height", height, kMaxSide);
    check_range("width", width, kMaxSide);
    check_range("layers", layers, kMaxChannels);
    check_range("classes", classes, kMaxChannels);
    check_not_null("plan", plan, layers);
    NetworkShape shape{channels, height, width, {}, classes};
    for (int64_t i = 0; i < layers; ++i) {
        if (plan[i] != 0) {
            check_range("channels of a convolution", plan[i], kMaxChannels);
            shape.convolutions.push_back({channels, plan[i], height, width, false});
            channels = plan[i];
            continue;
        }
        require(i > 0 && plan[i - 1] != 0, "the pool at " + std::to_string(i) + " does not follow a convolution");
        require(height >= 2 && width >= 2, "the pool at " + std::to_string(i) + " leaves no pixel");
        shape.convolutions.back().pool = true;
        height /= 2;
        width /= 2;
    }
    return shape;
}

}  // namespace

struct Network {
    NetworkShape shape;
    bool bfloat16;
    int64_t batch;
    std::vector<bool> is_set;
    std::unique_ptr<FastNetwork> fast;                // null in the serial tier
    std::vector<serial::ConvolutionWeights> weights;  // of the serial tier
    std::vector<float> head, bias;                    // (classes, d), (classes)
};

Network* open_network(int64_t channels, int64_t height, int64_t width, const int64_t* plan, int64_t layers,
                      int64_t classes, int precision, int64_t batch) {
    require(precision == kFloat32 || precision == kBfloat16,
            "precision must be 0 or 1, not " + std::to_string(precision));
    check_range("batch", batch, kMaxBatch);
    auto network = std::make_unique<Network>();
    network->shape = shape_of(channels, height, width, plan, layers, classes);
    network->bfloat16 = precision == kBfloat16;
    network->batch = batch;
    const size_t count = network->shape.convolutions.size();
    network->is_set.resize(count);
    if (kernels().network != nullptr) {
        network->fast = std::make_unique<FastNetwork>(*kernels().network, network->shape, network->bfloat16, batch);
    } else {
        network->weights.resize(count);
    }
    return network.release();
}

void set_convolution(Network* network, int64_t index, const float* weight, const double* scale, const double* shift) {
    const int64_t count = static_cast<int64_t>(network->shape.convolutions.size());
    require(index >= 0 && index < count, "there is no convolution " + std::to_string(index));
    const size_t at = static_cast<size_t>(index);
    const Convolution& shape = network->shape.convolutions[at];
    const int64_t filter = shape.in * kTaps;
    check_not_null("weight", weight, shape.out);
    check_not_null("shift", shift, shape.out);
    network->is_set[at] = true;
    if (network->fast != nullptr) return network->fast->set(index, weight, scale, shift);
    serial::ConvolutionWeights& own = network->weights[at];
    own.weight.assign(weight, weight + shape.out * filter);
    own.shift.assign(static_cast<size_t>(shape.out), 0);
    for (int64_t i = 0; i < shape.out; ++i) {
        own.shift[static_cast<size_t>(i)] = static_cast<float>(shift[i]);
        for (int64_t k = 0; scale != nullptr && k < filter; ++k) {
            float& w = own.weight[static_cast<size_t>(i * filter + k)];
            w = static_cast<float>(static_cast<double>(w) * scale[i]);
        }
    }
}

void set_head(Network* network, const float* weight, const float* bias) {
    check_not_null("weight", weight, network->shape.classes);
    check_not_null("bias", bias, network->shape.classes);
    network->head.assign(weight, weight + network->shape.classes * network->shape.features());
    network->bias.assign(bias, bias + network->shape.classes);
}

namespace {

void run_head(const Network& network, const float* features, int64_t n, float* logits) {
    const int64_t d = network.shape.features(), classes = network.shape.classes;
    constexpr int kLanes = 16;
    for (int64_t i = 0; i < n * classes; ++i) {
        const float* x = features + i / classes * d;
        const float* w = network.head.data() + i % classes * d;
        float sums[kLanes] = {};
        int64_t k = 0;
        for (; k + kLanes <= d; k += kLanes) {
            for (int lane = 0; lane < kLanes; ++lane) sums[lane] += x[k + lane] * w[k + lane];
        }
        double sum = static_cast<double>(network.bias[static_cast<size_t>(i % classes)]);
        for (; k < d; ++k) sum += static_cast<double>(x[k] * w[k]);
        for (const float lane : sums) sum += static_cast<double>(lane);
        logits[i] = static_cast<float>(sum);
    }
}

}  // namespace

void run_network(Network* network, const float* images, int64_t n, int threads, float* features, float* logits) {
    const NetworkShape& shape = network->shape;
    const int64_t image = shape.channels * shape.height * shape.width;
    check_range("threads", threads, kMaxThreads);
    const Matrix pixels{"the images", images, n, image};
    check_shape(pixels);
    check_not_null("features", features, n);
    check_not_null("logits", logits, n);
    for (size_t i = 0; i < network->is_set.size(); ++i) {
        require(network->is_set[i], "the convolution " + std::to_string(i) + " has not been set");
    }
    require(!network->head.empty(), "the head has not been set");
    check_finite(pixels);
    for (int64_t i = 0; i < n; i += network->batch) {
        const int64_t count = std::min(network->batch, n - i);
        float* out = features + i * shape.features();
        if (network->fast != nullptr) {
            network->fast->run(images + i * image, count, threads, out);
            continue;
        }
        parallel_tasks(count, std::numeric_limits<double>::max(), [&](int64_t k) {
            serial::network(shape, network->weights, network->bfloat16, images + (i + k) * image,
                            out + k * shape.features());
        });
    }
    run_head(*network, features, n, logits);
}

void close_network(Network* network) { delete network; }

}  // namespace mien
