#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "fast/packed_problem.h"
#include "scratch.h"

namespace mien {

// The anchors of a problem in order of positions, padded with zeros, which change no sum. Unlike rows of their caller's
// those of two blocks lie close together.
class SortedRows {
public:
    explicit SortedRows(const PackedProblem& packed)
        : width_((packed.problem().d + kWidth - 1) / kWidth * kWidth),
          // Not a power of two, whose rows would share a few lines of the first cache: gradients take twice the time
          // at d = 512.
          stride_(width_ + 16),
          rows_(packed.problem().n * stride_),
          kernels_(packed.kernels()),
          problem_(packed.problem()) {
        packed.copy_anchors(nullptr, stride_, rows_.get());
        for (int64_t at = 0; problem_.x_norms != nullptr && at < problem_.n; ++at) {
            norms_.push_back(problem_.x_norms[packed.anchor_at(at)]);
            factors_.push_back(norms_.back() == 0 ? 0 : 1 / norms_.back());
        }
        problem_ = from(0, problem_.n);
    }
    SortedRows(const SortedRows&) = delete;
    SortedRows& operator=(const SortedRows&) = delete;

    // Columns rounded up to what gradients are computed in, and what lies between two rows.
    int64_t width() const { return width_; }
    int64_t stride() const { return stride_; }
    const float* rows() const { return rows_.get(); }

    // For exact_rows and exact_pairs, which then take positions for rows: all of them, or `count` from a position on.
    const MiningProblem& problem() const { return problem_; }
    MiningProblem from(int64_t position, int64_t count) const {
        MiningProblem part = problem_;
        part.x = part.y = rows_.get() + position * stride_;
        part.d = stride_;
        part.n = part.m = count;
        if (!norms_.empty()) part.x_norms = part.y_norms = norms_.data() + position;
        return part;
    }

    // Distances of the rows at positions a[i] and b[i] in float64, in half the time of the exact ones and within
    // slack(distance) of these.
    void distances(const int32_t* a, const int32_t* b, int count, double* out) const {
        const auto sums = problem_.distance == kManhattan ? kernels_.pair_absolutes : kernels_.pair_squares;
        sums(rows_.get(), norms_.empty() ? nullptr : factors_.data(), width_, stride_, a, b, count, out);
        for (int i = 0; i < count; ++i) {
            if (problem_.distance == kEuclidean) out[i] = std::sqrt(out[i]);
            if (norms_.empty()) continue;
            const bool is_zero = norms_[static_cast<size_t>(a[i])] == 0 || norms_[static_cast<size_t>(b[i])] == 0;
            out[i] = is_zero ? 1 : std::min(2.0, 0.5 * out[i]);
        }
    }
    double slack(double distance) const {
        const double relative = static_cast<double>(width_) * 0x1p-51 * distance;
        return norms_.empty() ? relative : relative + std::sqrt(2 * distance) * 0x1p-50 + 0x1p-100;
    }

private:
    static constexpr int64_t kWidth = BlockKernels::kGradientWidth;

    int64_t width_, stride_;
    Scratch<float> rows_;
    std::vector<double> norms_, factors_;  // cosine only; factors: 1 / norm, 0 for a zero row
    const BlockKernels& kernels_;
    MiningProblem problem_;
};

}  // namespace mien
