#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "network/packed_convolution.h"

namespace mien {

// One part of a pass through a network: tasks that may run in any order, after every task of the step before.
struct Step {
    enum class Kind { kPlanes, kFirst, kDirect, kWinogradInput, kWinogradProducts, kWinogradOutput, kFeatures };
    Kind kind;
    int layer;
    int64_t first, images;  // images that it is about
    int64_t rows;           // of the output, in a task of kFirst or kDirect; the whole image if equal to its height
    int64_t group;          // images in a task of kDirect
    int64_t tasks;
};

// How far a step has come, for all threads to see; a cache line of its own.
struct alignas(64) Progress {
    std::atomic<int64_t> next{0}, done{0};
};

// The memory of one call: activations between layers, Winograd's transforms, the steps. Nothing is allocated while it
// runs, but on the first call with another number of images or threads.
class Workspace {
public:
    using Layers = std::vector<std::unique_ptr<PackedConvolution>>;

    Workspace(const NetworkKernels& kernels, const Layers& layers, int64_t batch);

    // Images (n, c, h, w) to features (n, d).
    void run(const float* images, int64_t n, int threads, float* features);

private:
    void plan(int64_t n, int threads);
    void plan_direct(int layer, int threads);
    void plan_winograd(int layer);
    void participate();
    void perform(const Step& step, int64_t task);

    void copy_planes(int64_t image);
    void first(const Step& step, int64_t task);
    template <typename T>
    void direct(const Step& step, int64_t task);
    void winograd_input(const Step& step, int64_t task);
    void winograd_products(const Step& step, int64_t task);
    void winograd_output(const Step& step, int64_t task);
    void pool(int64_t image);

    void finish(int layer, int panel, NetworkKernels::Block block, int64_t image, int64_t y, int64_t x);
    int64_t in_image(int layer) const;  // values of an image's input and output, in memory
    int64_t out_image(int layer) const;
    template <typename T>
    T* activations(int layer) const {
        return buffers_[layer % 2].as<T>();
    }

    const NetworkKernels& kernels_;
    const Layers& layers_;
    Pages planes_, buffers_[2], transformed_, products_, zeros_;
    std::vector<int32_t> plane_offsets_;
    std::vector<Step> steps_;
    std::unique_ptr<Progress[]> progress_;
    int64_t planned_images_ = 0;
    int planned_threads_ = 0;
    const float* images_ = nullptr;
    float* features_ = nullptr;
};

}  // namespace mien
