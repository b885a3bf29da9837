#pragma once

// The sweep over all blocks of fast sums that finds, for each anchor, its contenders among positives and negatives.

#include <memory>
#include <vector>

#include "blocks.h"
#include "bounds.h"
#include "contenders.h"
#include "mining.h"
#include "packed_rows.h"

namespace mien {

// Anchors and references of a problem, packed in order of class: where classes differ a block holds negatives only, and
// an anchor's positives are consecutive. A position is a place in that order.
class PackedProblem {
public:
    PackedProblem(const MiningProblem& problem, const BlockKernels& kernels, int chunk = kChunk);

    const MiningProblem& problem() const { return problem_; }
    const BlockKernels& kernels() const { return kernels_; }
    const Bounds& bounds() const { return bounds_; }
    const PackedRows& anchors() const { return *anchors_; }
    const PackedRows& references() const { return problem_.symmetric ? *anchors_ : *references_; }

    int32_t anchor_at(int64_t position) const { return anchor_order_[position]; }
    int32_t reference_at(int64_t position) const { return problem_.order[position]; }
    // Positions of the references of the anchor's class: first and one beyond the last.
    int64_t class_first(int64_t anchor_position) const;
    int64_t class_last(int64_t anchor_position) const;
    // Position of the reference that is the anchor, or -1.
    int64_t self(int64_t anchor_position) const {
        const int32_t row = problem_.self[anchor_at(anchor_position)];
        return row < 0 ? -1 : position_of_[static_cast<size_t>(row)];
    }

    // The sums of anchors of `block` and references of `other`, kBlock values a row.
    void sums(int64_t block, int64_t other, float* out) const;

private:
    void patch_zero_rows(int64_t block, int64_t other, float* out) const;

    const MiningProblem& problem_;
    const BlockKernels& kernels_;
    int chunk_;
    double scale_;
    Bounds bounds_;
    std::vector<int32_t> sorted_anchors_;  // unless symmetric
    const int32_t* anchor_order_;
    std::vector<int32_t> position_of_;
    std::unique_ptr<PackedRows> anchors_, references_;
};

// Offers every positive to `positives` and every negative to `negatives`, by positions of anchors and references.
void search_blocks(const PackedProblem& packed, Contenders& positives, Contenders& negatives);

}  // namespace mien
