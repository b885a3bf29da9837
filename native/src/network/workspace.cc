#include "network/workspace.h"

#include <sched.h>

#include <algorithm>
#include <cstring>

#include "parallel.h"

namespace mien {
namespace {

constexpr int64_t kTilePixels = 2 * kMaxSide;  // of a task of a direct convolution, at most: 36 KB of sums
constexpr int64_t kChunk = 128;          // inputs of a pixel that meet all pixels of a task before the next are read
constexpr int64_t kWinogradTiles = 144;  // of the images that are transformed at a time, at least where there are more
constexpr int64_t kRowTiles = 12;        // of a task of kWinogradInput or kWinogradOutput
constexpr int kSpins = 4000;

int64_t ceil_div(int64_t x, int64_t y) { return (x + y - 1) / y; }

int64_t tiles_across(const Convolution& shape) { return ceil_div(shape.columns(), kWinogradTile); }
int64_t tiles_down(const Convolution& shape) { return ceil_div(shape.rows(), kWinogradTile); }
int64_t tiles_of(const Convolution& shape) { return tiles_across(shape) * tiles_down(shape); }

// Images of which Winograd transforms the inputs at a time.
int64_t winograd_images(const Convolution& shape, int64_t n) {
    return std::min(n, std::max<int64_t>(1, kWinogradTiles / tiles_of(shape)));
}

}  // namespace

Workspace::Workspace(const NetworkKernels& kernels, const Layers& layers, int64_t batch)
    : kernels_(kernels), layers_(layers) {
    int64_t most[2] = {0, 0}, transformed = 0, products = 0, widest = 0;
    for (size_t i = 0; i < layers.size(); ++i) {
        const PackedConvolution& layer = *layers[i];
        most[i % 2] = std::max(most[i % 2], out_image(static_cast<int>(i)) * batch);
        widest = std::max(widest, layer.in_step());
        if (layer.method() != Method::kWinograd) continue;
        const int64_t tiles = winograd_images(layer.shape(), batch) * tiles_of(layer.shape()) * kWinogradPoints;
        transformed = std::max(transformed, tiles * layer.in_step());
        products = std::max(products, tiles * layer.out_step());
    }
    const int64_t size = sizeof(float);
    const Convolution& input = layers[0]->shape();
    const int64_t plane = (input.height + 2) * (input.width + 2);
    planes_ = Pages(batch * input.in * plane * size + kMaxWidth * size);
    for (int i = 0; i < 2; ++i) buffers_[i] = Pages(most[i] * size);
    transformed_ = Pages(transformed * size);
    products_ = Pages(products * size);
    zeros_ = Pages(widest * size);
    for (int64_t c = 0; c < input.in; ++c) {
        for (int tap = 0; tap < kTaps; ++tap) {
            plane_offsets_.push_back(static_cast<int32_t>(c * plane + tap / 3 * (input.width + 2) + tap % 3));
        }
    }
}

int64_t Workspace::in_image(int layer) const {
    const PackedConvolution& l = *layers_[static_cast<size_t>(layer)];
    return l.shape().height * l.shape().width * l.in_step();
}

int64_t Workspace::out_image(int layer) const {
    const PackedConvolution& l = *layers_[static_cast<size_t>(layer)];
    return l.shape().out_height() * l.shape().out_width() * l.out_step();
}

void Workspace::run(const float* images, int64_t n, int threads, float* features) {
    if (n != planned_images_ || threads != planned_threads_) plan(n, threads);
    images_ = images;
    features_ = features;
    for (size_t i = 0; i < steps_.size(); ++i) {
        progress_[i].next.store(0, std::memory_order_relaxed);
        progress_[i].done.store(0, std::memory_order_relaxed);
    }
    run_together(threads, [this] { participate(); });
}

void Workspace::plan(int64_t n, int threads) {
    planned_images_ = n;
    planned_threads_ = threads;
    steps_.clear();
    steps_.push_back({Step::Kind::kPlanes, 0, 0, n, 0, 0, n});
    for (int i = 0; i < static_cast<int>(layers_.size()); ++i) {
        if (layers_[static_cast<size_t>(i)]->method() == Method::kWinograd) {
            plan_winograd(i);
        } else {
            plan_direct(i, threads);
        }
    }
    steps_.push_back({Step::Kind::kFeatures, static_cast<int>(layers_.size()) - 1, 0, n, 0, 0, n});
    progress_ = std::make_unique<Progress[]>(steps_.size());
}

// Tasks of whole images while those are small, else of some rows of one; smaller ones where there would be too few.
void Workspace::plan_direct(int index, int threads) {
    const PackedConvolution& layer = *layers_[static_cast<size_t>(index)];
    const Convolution& shape = layer.shape();
    const int64_t n = planned_images_, unit = shape.pool ? 2 : 1, wanted = 2 * threads;
    const bool first = layer.method() == Method::kPlanes;
    int64_t rows = std::max(unit, kTilePixels / shape.columns() / unit * unit), group = 1;
    if (rows >= shape.rows()) {
        rows = shape.rows();
        group = first ? 1 : std::max<int64_t>(1, kTilePixels / (rows * shape.columns()));
    }
    const auto tasks = [&] { return layer.panels() * ceil_div(n, group) * ceil_div(shape.rows(), rows); };
    while (tasks() < wanted && group > 1) group = (group + 1) / 2;
    while (tasks() < wanted && rows * shape.columns() > kTilePixels / 2 && rows > unit) {
        rows = round_up((rows + 1) / 2, unit);
    }
    steps_.push_back({first ? Step::Kind::kFirst : Step::Kind::kDirect, index, 0, n, rows, group, tasks()});
}

void Workspace::plan_winograd(int index) {
    const PackedConvolution& layer = *layers_[static_cast<size_t>(index)];
    const Convolution& shape = layer.shape();
    const int64_t chunk = winograd_images(shape, planned_images_);
    for (int64_t i = 0; i < planned_images_; i += chunk) {
        const int64_t images = std::min(chunk, planned_images_ - i);
        const int64_t rows = ceil_div(images * tiles_of(shape), kRowTiles);
        steps_.push_back({Step::Kind::kWinogradInput, index, i, images, 0, 0, rows});
        steps_.push_back({Step::Kind::kWinogradProducts, index, i, images, 0, 0, layer.panels() * kWinogradPoints});
        steps_.push_back({Step::Kind::kWinogradOutput, index, i, images, 0, 0, layer.panels() * rows});
    }
}

// Every thread goes through all steps, takes tasks where there are any and waits for those that others took. However
// many come, and however late, the pass gets done.
void Workspace::participate() {
    for (size_t i = 0; i < steps_.size(); ++i) {
        const Step& step = steps_[i];
        Progress& progress = progress_[i];
        int64_t mine = 0;
        for (int64_t task; (task = progress.next.fetch_add(1, std::memory_order_relaxed)) < step.tasks; ++mine) {
            perform(step, task);
        }
        if (mine > 0) progress.done.fetch_add(mine, std::memory_order_acq_rel);
        for (int spins = 0; progress.done.load(std::memory_order_acquire) < step.tasks; ++spins) {
            if (spins < kSpins) {
                __builtin_ia32_pause();
            } else {
                sched_yield();
            }
        }
    }
}

void Workspace::perform(const Step& step, int64_t task) {
    switch (step.kind) {
        case Step::Kind::kPlanes:
            return copy_planes(task);
        case Step::Kind::kFirst:
            return first(step, task);
        case Step::Kind::kDirect:
            return layers_[static_cast<size_t>(step.layer)]->bfloat16() ? direct<uint16_t>(step, task)
                                                                        : direct<float>(step, task);
        case Step::Kind::kWinogradInput:
            return winograd_input(step, task);
        case Step::Kind::kWinogradProducts:
            return winograd_products(step, task);
        case Step::Kind::kWinogradOutput:
            return winograd_output(step, task);
        case Step::Kind::kFeatures:
            return pool(task);
    }
}

// Sums of a block whose first pixel is (y, x) of the output before pooling, on to the next layer's input.
void Workspace::finish(int index, int panel, NetworkKernels::Block block, int64_t image, int64_t y, int64_t x) {
    const PackedConvolution& layer = *layers_[static_cast<size_t>(index)];
    const Convolution& shape = layer.shape();
    const int64_t unit = shape.pool ? 2 : 1;
    block.width = layer.width(panel);
    block.shift = layer.shift(panel);
    block.pool = shape.pool;
    block.out_step = layer.out_step();
    block.out_pitch = shape.out_width() * layer.out_step();
    const int64_t at = image * out_image(index) + y / unit * block.out_pitch + x / unit * block.out_step +
                       static_cast<int64_t>(panel) * kernels_.panel;
    const bool bfloat16 =
        static_cast<size_t>(index) + 1 < layers_.size() && layers_[static_cast<size_t>(index) + 1]->bfloat16();
    if (bfloat16) {
        kernels_.finish_bfloat16(block, activations<uint16_t>(index) + at);
    } else {
        kernels_.finish(block, activations<float>(index) + at);
    }
}

void Workspace::copy_planes(int64_t image) {
    const Convolution& shape = layers_[0]->shape();
    const int64_t height = shape.height, width = shape.width, pitch = width + 2;
    for (int64_t c = 0; c < shape.in; ++c) {
        const float* from = images_ + (image * shape.in + c) * height * width;
        float* to = planes_.as<float>() + (image * shape.in + c) * (height + 2) * pitch;  // a frame of zeros
        for (int64_t y = 0; y < height; ++y) {
            std::memcpy(to + (y + 1) * pitch + 1, from + y * width, static_cast<size_t>(width) * sizeof(float));
        }
    }
}

void Workspace::first(const Step& step, int64_t task) {
    const PackedConvolution& layer = *layers_[0];
    const Convolution& shape = layer.shape();
    const int64_t bands = ceil_div(shape.rows(), step.rows), pitch = shape.width + 2;
    const int panel = static_cast<int>(task % layer.panels()), width = layer.width(panel);
    const int64_t image = task / layer.panels() / bands, y0 = task / layer.panels() % bands * step.rows;
    const int64_t rows = std::min(step.rows, shape.rows() - y0), columns = shape.columns();
    const float* plane = planes_.as<float>() + image * shape.in * (shape.height + 2) * pitch;
    alignas(64) float sums[kTilePixels * kMaxWidth];
    for (int64_t y = 0; y < rows; ++y) {
        kernels_.multiply_planes(plane + (y0 + y) * pitch, plane_offsets_.data(), layer.depth(),
                                 sums + y * columns * width, static_cast<int>(columns), width,
                                 layer.weights<float>(panel, 0));
    }
    finish(0, panel, {sums, rows, columns, columns, 0, nullptr, false, 0, 0}, image, y0, 0);
}

namespace {

// The pixels of a task of a direct convolution: `rows` rows from y0 of some images.
struct Region {
    int64_t image, images, y0, rows;
};

// Of the pixels of a region those for which a tap lies inside the image: their inputs there, and their sums.
template <typename T>
int reached(const PackedConvolution& layer, const Region& region, int tap, int width, const T* in, float* sums,
            const T** inputs, float** targets) {
    const Convolution& shape = layer.shape();
    const int64_t dy = tap / 3 - 1, dx = tap % 3 - 1, columns = shape.columns();
    const int64_t x_begin = std::max<int64_t>(0, -dx), x_end = std::min(columns, shape.width - dx);
    const int64_t y_begin = std::max(region.y0, -dy), y_end = std::min(region.y0 + region.rows, shape.height - dy);
    int count = 0;
    for (int64_t i = 0; i < region.images; ++i) {
        for (int64_t y = y_begin; y < y_end; ++y) {
            const T* row = in + (((region.image + i) * shape.height + y + dy) * shape.width + dx) * layer.in_step();
            float* sum = sums + (i * region.rows + y - region.y0) * columns * width;
            for (int64_t x = x_begin; x < x_end; ++x, ++count) {
                inputs[count] = row + x * layer.in_step();
                targets[count] = sum + x * width;
            }
        }
    }
    return count;
}

void multiply(const NetworkKernels& kernels, const float* const* rows, int64_t offset, float* const* sums, int count,
              int width, const float* weights, int64_t depth, bool add) {
    kernels.multiply(rows, offset, sums, count, width, weights, depth, add);
}

void multiply(const NetworkKernels& kernels, const uint16_t* const* rows, int64_t offset, float* const* sums, int count,
              int width, const uint16_t* weights, int64_t depth, bool add) {
    kernels.multiply_bfloat16(rows, offset, sums, count, width, weights, depth, add);
}

}  // namespace

// Tasks of one panel follow each other, so that its weights are in the cache for all but the first.
template <typename T>
void Workspace::direct(const Step& step, int64_t task) {
    const PackedConvolution& layer = *layers_[static_cast<size_t>(step.layer)];
    const Convolution& shape = layer.shape();
    const int64_t bands = ceil_div(shape.rows(), step.rows), groups = ceil_div(step.images, step.group);
    const int panel = static_cast<int>(task / (bands * groups)), width = layer.width(panel);
    const int64_t image = task / bands % groups * step.group, y0 = task % bands * step.rows;
    const Region region{image, std::min(step.group, step.images - image), y0, std::min(step.rows, shape.rows() - y0)};
    const T* in = activations<T>(step.layer + 1);
    alignas(64) float sums[kTilePixels * kMaxWidth];
    const T* inputs[kTilePixels];
    float* targets[kTilePixels];
    for (int position = 0; position < kTaps; ++position) {
        const T* weights = layer.weights<T>(panel, position);
        const int count = reached(layer, region, kTapOrder[position], width, in, sums, inputs, targets);
        for (int64_t k = 0; k < layer.depth(); k += kChunk) {
            multiply(kernels_, inputs, k, targets, count, width, weights + k * width,
                     std::min(kChunk, layer.depth() - k), position > 0 || k > 0);
        }
    }
    const int64_t pixels = region.rows * shape.columns();
    for (int64_t i = 0; i < region.images; ++i) {
        finish(step.layer, panel,
               {sums + i * pixels * width, region.rows, shape.columns(), shape.columns(), 0, nullptr, false, 0, 0},
               region.image + i, region.y0, 0);
    }
}

void Workspace::winograd_input(const Step& step, int64_t task) {
    const PackedConvolution& layer = *layers_[static_cast<size_t>(step.layer)];
    const Convolution& shape = layer.shape();
    const int64_t across = tiles_across(shape), per_image = tiles_of(shape), all = step.images * per_image;
    for (int64_t tile = task * kRowTiles; tile < std::min(all, (task + 1) * kRowTiles); ++tile) {
        const int64_t image = step.first + tile / per_image, in_image_tile = tile % per_image;
        const int64_t y0 = in_image_tile / across * kWinogradTile - 1, x0 = in_image_tile % across * kWinogradTile - 1;
        const float* in = activations<float>(step.layer + 1) + image * in_image(step.layer);
        const float* pixels[kWinogradPoints];
        for (int i = 0; i < kWinogradPoints; ++i) {
            const int64_t y = y0 + i / kWinogradWindow, x = x0 + i % kWinogradWindow;
            const bool inside = y >= 0 && y < shape.height && x >= 0 && x < shape.width;
            pixels[i] = inside ? in + (y * shape.width + x) * layer.in_step() : zeros_.as<float>();
        }
        kernels_.winograd_input(pixels, layer.in_step(), transformed_.as<float>() + tile * layer.in_step(),
                                all * layer.in_step());
    }
}

// Products lie (panel, point, tile, width).
void Workspace::winograd_products(const Step& step, int64_t task) {
    const PackedConvolution& layer = *layers_[static_cast<size_t>(step.layer)];
    const int64_t tiles = step.images * tiles_of(layer.shape());
    const int panel = static_cast<int>(task / kWinogradPoints), point = static_cast<int>(task % kWinogradPoints);
    const int width = layer.width(panel);
    const float* in = transformed_.as<float>() + point * tiles * layer.in_step();
    float* out = products_.as<float>() +
                 (static_cast<int64_t>(panel) * kWinogradPoints * kernels_.panel + point * width) * tiles;
    const float* inputs[kWinogradTiles];
    float* targets[kWinogradTiles];
    for (int64_t t0 = 0; t0 < tiles; t0 += kWinogradTiles) {
        const int64_t count = std::min(kWinogradTiles, tiles - t0);
        for (int64_t t = 0; t < count; ++t) {
            inputs[t] = in + (t0 + t) * layer.in_step();
            targets[t] = out + (t0 + t) * width;
        }
        for (int64_t k = 0; k < layer.depth(); k += kChunk) {
            kernels_.multiply(inputs, k, targets, static_cast<int>(count), width,
                              layer.weights<float>(panel, point) + k * width, std::min(kChunk, layer.depth() - k),
                              k > 0);
        }
    }
}

void Workspace::winograd_output(const Step& step, int64_t task) {
    const PackedConvolution& layer = *layers_[static_cast<size_t>(step.layer)];
    const Convolution& shape = layer.shape();
    const int64_t across = tiles_across(shape), per_image = tiles_of(shape), tiles = step.images * per_image;
    const int64_t rows = ceil_div(tiles, kRowTiles), row = task % rows;
    const int panel = static_cast<int>(task / rows), width = layer.width(panel);
    const float* in = products_.as<float>() + static_cast<int64_t>(panel) * kWinogradPoints * kernels_.panel * tiles;
    alignas(64) float sums[kWinogradTile * kWinogradTile * kMaxWidth];
    for (int64_t tile = row * kRowTiles; tile < std::min(tiles, (row + 1) * kRowTiles); ++tile) {
        kernels_.winograd_output(in + tile * width, tiles * width, width, sums);
        const int64_t y = tile % per_image / across * kWinogradTile, x = tile % per_image % across * kWinogradTile;
        const int64_t height = std::min<int64_t>(kWinogradTile, shape.rows() - y);
        const int64_t length = std::min<int64_t>(kWinogradTile, shape.columns() - x);
        finish(step.layer, panel, {sums, height, length, kWinogradTile, 0, nullptr, false, 0, 0},
               step.first + tile / per_image, y, x);
    }
}

// The mean of each channel over the pixels of the last convolution.
void Workspace::pool(int64_t image) {
    const int last = static_cast<int>(layers_.size()) - 1;
    const PackedConvolution& layer = *layers_.back();
    const int64_t pixels = layer.shape().out_height() * layer.shape().out_width(), out = layer.shape().out;
    const float* in = activations<float>(last) + image * out_image(last);
    float* means = features_ + image * out;
    std::copy(in, in + out, means);
    for (int64_t p = 1; p < pixels; ++p) {
        for (int64_t c = 0; c < out; ++c) means[c] += in[p * layer.out_step() + c];
    }
    for (int64_t c = 0; c < out; ++c) means[c] /= static_cast<float>(pixels);
}

}  // namespace mien
