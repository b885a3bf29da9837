#include "fast/packed_problem.h"

#include <cmath>
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

double deviation(const std::vector<double>& values) {
    double sum = 0, squares = 0;
    for (const double x : values) sum += x;
    const double count = static_cast<double>(values.size()), mean = sum / count;
    for (const double x : values) squares += (x - mean) * (x - mean);
    return std::sqrt(squares / count);
}

}  // namespace

PackedProblem::PackedProblem(const MiningProblem& p, const BlockKernels& kernels, int chunk, bool rounded)
    : problem_(p),
      kernels_(kernels),
      chunk_(chunk),
      rounded_(rounded),
      scale_(p.distance == kCosine ? 1 : packing_scale(p.largest)),
      bounds_(p.distance, p.d, chunk, scale_),
      own_order_(anchor_order(p)),
      anchor_order_(own_order_.empty() ? p.order : own_order_.data()),
      reference_order_(p.order == nullptr ? own_order_.data() : p.order),
      places_(p.order == nullptr ? 0 : p.n),
      anchors_(new PackedRows(p.x, p.d, anchor_order_, p.n, scale_, p.x_norms, kernels.panel,
                              rounded ? kernels.round : nullptr)) {
    find_classes();
    if (!p.symmetric)
        references_.reset(new PackedRows(p.y, p.d, reference_order_, p.m, scale_, p.y_norms, kernels.panel,
                                         rounded ? kernels.round : nullptr));
    if (rounded) {
        bounds_ = Bounds::of_products(p.distance, p.d, chunk, scale_,
                                      std::max(anchors().largest_square(), references().largest_square()),
                                      anchors().rounded() + references().rounded());
    }
}

bool PackedProblem::can_round(const MiningProblem& p, const BlockKernels& kernels) {
    // Factors that float32 holds with room to spare; none for a zero row.
    const auto common = [](double x) { return x == 0 || (x > 0x1p-80 && x < 0x1p80); };
    const auto all_common = [&](const double* norms, int64_t count) {
        return norms == nullptr || std::all_of(norms, norms + count, common);
    };
    return kernels.products != nullptr && p.distance != kManhattan && p.order != nullptr && common(p.largest) &&
           all_common(p.x_norms, p.n) && all_common(p.y_norms, p.symmetric ? 0 : p.m);
}

bool PackedProblem::sharp() const {
    // Normal deviates, n = 4,096: 0.13 of the deviation leaves 2 contenders on average, 0.29 leaves 4 and 1 anchor of
    // 100 with more than 16, 0.38 leaves 6 and 1 of 3 (d = 512, further from the origin each time).
    constexpr double kSharp = 0.25;
    constexpr int64_t kDrawn = 64, kFewest = 8;
    std::vector<double> same, any;
    for (int64_t i = 0; i < std::min(kDrawn, problem_.n) && problem_.m > 0; ++i) {
        const int64_t anchor = i * problem_.n / std::min(kDrawn, problem_.n);
        any.push_back(radius(anchor, (i * problem_.m / kDrawn + problem_.m / 2) % problem_.m));
        const int64_t first = class_first(anchor), last = class_last(anchor);
        const int64_t mate = first + (i * 7 + 3) % std::max<int64_t>(1, last - first);
        if (first < last && mate != self(anchor)) same.push_back(radius(anchor, mate));
    }
    const double error = bounds_.absolute() / scale_;
    return static_cast<int64_t>(any.size()) >= kFewest && error <= kSharp * deviation(any) &&
           (static_cast<int64_t>(same.size()) < kFewest || error <= kSharp * deviation(same));
}

double PackedProblem::radius(int64_t anchor, int64_t reference) const {
    const int32_t row = anchor_at(anchor), other = reference_at(reference);
    const float *a = problem_.x + row * problem_.d, *b = problem_.y + other * problem_.d;
    const auto factor = [](const double* norms, int32_t at) {
        return norms == nullptr ? 1 : norms[at] == 0 ? 0 : 1 / norms[at];
    };
    const double of_a = factor(problem_.x_norms, row), of_b = factor(problem_.y_norms, other);
    double sum = 0;
    for (int64_t k = 0; k < problem_.d; ++k) {
        const double difference = a[k] * of_a - b[k] * of_b;
        sum += difference * difference;
    }
    return std::sqrt(sum);
}

void PackedProblem::sums(int64_t anchor, int rows, int64_t reference, int panels, float* out, int64_t stride) const {
    const PackedRows &a = anchors(), &b = references();
    if (rounded_) {
        kernels_.products(a.panel_of(anchor), a.squares(anchor), rows, b.panel_of(reference), b.squares(reference),
                          panels, a.columns(), chunk_, out, stride);
    } else {
        kernels_.sums(form())(a.panel_of(anchor), rows, b.panel_of(reference), panels, a.columns(), chunk_, out,
                              stride);
    }
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
        sums(block * kBlock, anchors().rows(block), other * kBlock, references().panels(other), out, kBlock);
    }
    patch_zero_rows(block * kBlock, kBlock, other * kBlock, kBlock, out, kBlock);
}

void PackedProblem::own_block_sums(int64_t block, float* out) const {
    const int rows = anchors().rows(block), panels = anchors().panels(block), panel = kernels_.panel;
    for (int p = 0; p < panels; ++p) {
        const int64_t own = block * kBlock + p * panel;
        sums(own, std::min(panel, rows - p * panel), own, panels - p, out + p * panel * (kBlock + 1), kBlock);
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
        sums(strip_begin(strip), rows, other * kBlock, references().panels(other), out + other * kBlock, stride);
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
