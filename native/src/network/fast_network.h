#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "network/packed_convolution.h"
#include "network/workspace.h"

namespace mien {

// A network packed for the kernels of an instruction set. run() may be called from any number of threads at once; each
// call takes a workspace, kept for later ones.
class FastNetwork {
public:
    FastNetwork(const NetworkKernels& kernels, const NetworkShape& shape, bool bfloat16, int64_t batch);

    // Packs the weights of the convolution at `index`; every one has to be set before run().
    void set(int64_t index, const float* weight, const double* scale, const double* shift);

    // Features (n, d) of images (n, c, h, w), n being at most batch, on up to `threads` threads.
    void run(const float* images, int64_t n, int threads, float* features);

private:
    std::unique_ptr<Workspace> take();
    void give(std::unique_ptr<Workspace> workspace);

    const NetworkKernels& kernels_;
    NetworkShape shape_;
    bool bfloat16_;
    int64_t batch_;
    std::vector<std::unique_ptr<PackedConvolution>> layers_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Workspace>> idle_;
};

}  // namespace mien
