#include "fast/packed_problem.h"

#include <limits>
#include <numeric>

#include "fast/turn.h"
#include "mien/mien.h"
#include "parallel.h"

namespace mien {
namespace {

// The anchors in order of class; rows as they are where there are no classes.
std::vector<int32_t> anchor_order(const MiningProblem& p) {
    if (p.symmetric && p.order != nullptr) return {};
    std::vector<int32_t> order(static_cast<size_t>(p.order == nullptr ? std::max(p.n, p.m) : p.n));
    std::iota(order.begin(), order.end(), 0);
    if (p.order == nullptr) return order;
    std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) { return p.x_class[a] < p.x_class[b]; });
    return order;
}

std::vector<int32_t> invert(const int32_t* order, int64_t count) {
    std::vector<int32_t> positions(static_cast<size_t>(count));
    for (int64_t i = 0; i < count; ++i) positions[static_cast<size_t>(order[i])] = static_cast<int32_t>(i);
    return positions;
}

}  // namespace

PackedProblem::PackedProblem(const MiningProblem& p, const BlockKernels& kernels, int chunk)
    : problem_(p),
      kernels_(kernels),
      chunk_(chunk),
      scale_(p.distance == kCosine ? 1 : packing_scale(p.largest)),
      bounds_(p.distance, p.d, chunk, scale_),
      own_order_(anchor_order(p)),
      anchor_order_(own_order_.empty() ? p.order : own_order_.data()),
      reference_order_(p.order == nullptr ? own_order_.data() : p.order),
      places_(p.order == nullptr ? 0 : p.n),
      anchors_(new PackedRows(p.x, p.d, anchor_order_, p.n, scale_, p.x_norms, kernels.panel)) {
    find_classes();
    if (!p.symmetric)
        references_.reset(new PackedRows(p.y, p.d, reference_order_, p.m, scale_, p.y_norms, kernels.panel));
}

void PackedProblem::find_classes() {
    if (problem_.order == nullptr) return;
    const std::vector<int32_t> position_of = invert(problem_.order, problem_.m);
    reaches_.assign(static_cast<size_t>(anchors().blocks()), {std::numeric_limits<int32_t>::max(), 0});
    for (int64_t at = 0; at < problem_.n; ++at) {
        const int32_t row = anchor_at(at), own = problem_.x_class[row], self = problem_.self[row];
        Place& place = places_[at];
        place.class_first = own < 0 ? 0 : problem_.class_begin[own];
        place.class_last = own < 0 ? 0 : problem_.class_begin[own + 1];
        place.self = self < 0 ? -1 : position_of[static_cast<size_t>(self)];
        Reach& reach = reaches_[static_cast<size_t>(at / kBlock)];
        const auto extend = [&](int32_t begin, int32_t end) {
            reach = {std::min(reach.begin, begin), std::max(reach.end, end)};
        };
        if (own >= 0) extend(place.class_first, place.class_last);
        if (self >= 0) extend(place.self, place.self + 1);
    }
}

void PackedProblem::copy_anchors(const double* norms, int64_t stride, float* out) const {
    parallel_rows(problem_.n, static_cast<double>(problem_.n) * static_cast<double>(problem_.d),
                  [&](int64_t begin, int64_t end) {
                      for (int64_t at = begin; at < end; ++at) {
                          const int64_t row = anchor_at(at);
                          const float* in = problem_.x + row * problem_.d;
                          float* const to = out + at * stride;
                          const double factor = norms == nullptr ? 1 : norms[row] == 0 ? 0 : 1 / norms[row];
                          for (int64_t k = 0; k < problem_.d; ++k)
                              to[k] = norms == nullptr ? in[k] : static_cast<float>(in[k] * factor);
                          std::fill(to + problem_.d, to + stride, 0.0f);
                      }
                  });
}

void PackedProblem::block_sums(int64_t block, int64_t other, float* out) const {
    if (problem_.symmetric && block == other) {
        own_block_sums(block, out);
    } else {
        kernels_.sums(form())(anchors().block(block), anchors().rows(block), references().block(other),
                              references().panels(other), problem_.d, chunk_, out, kBlock);
    }
    patch_zero_rows(block * kBlock, kBlock, other * kBlock, kBlock, out, kBlock);
}

void PackedProblem::own_block_sums(int64_t block, float* out) const {
    const int rows = anchors().rows(block), panels = anchors().panels(block), panel = kernels_.panel;
    for (int p = 0; p < panels; ++p) {
        const float* const own = anchors().panel_of(block * kBlock + p * panel);
        float* const corner = out + p * panel * (kBlock + 1);
        kernels_.sums(form())(own, std::min(panel, rows - p * panel), own, panels - p, problem_.d, chunk_, corner,
                              kBlock);
        for (int row = p * panel; row < std::min(rows, (p + 1) * panel); row += 4) {
            for (int column = 0; column < p * panel; column += 4) {
                turn(out + column * kBlock + row, out + row * kBlock + column);
            }
        }
    }
}

void PackedProblem::strip_sums(int64_t strip, float* out) const {
    const int64_t stride = strip_stride();
    const int rows = static_cast<int>(strip_end(strip) - strip_begin(strip));
    for (int64_t other = 0; other < references().blocks(); ++other) {
        kernels_.sums(form())(anchors().panel_of(strip_begin(strip)), rows, references().block(other),
                              references().panels(other), problem_.d, chunk_, out + other * kBlock, stride);
    }
    patch_zero_rows(strip_begin(strip), kernels_.panel, 0, problem_.m, out, stride);
    for (int64_t i = 0; i < kernels_.panel; ++i) {
        std::fill(out + i * stride + problem_.m, out + (i + 1) * stride, std::numeric_limits<float>::infinity());
    }
}

// A zero row is at 1 from everything, which is half of a squared distance of 2.
void PackedProblem::patch_zero_rows(int64_t anchor, int64_t anchors, int64_t reference, int64_t references, float* out,
                                    int64_t stride) const {
    const auto within = [](const std::vector<int32_t>& zeros, int64_t first, int64_t count, auto body) {
        for (auto at = std::lower_bound(zeros.begin(), zeros.end(), first); at != zeros.end() && *at < first + count;
             ++at) {
            body(*at - first);
        }
    };
    within(this->anchors().zero_rows(), anchor, anchors,
           [&](int64_t i) { std::fill_n(out + i * stride, references, 2.0f); });
    within(this->references().zero_rows(), reference, references, [&](int64_t j) {
        for (int64_t i = 0; i < anchors; ++i) out[i * stride + j] = 2.0f;
    });
}

}  // namespace mien
