#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "fast/blocks.h"
#include "fast/bounds.h"
#include "fast/packed_rows.h"
#include "mining.h"
#include "scratch.h"

namespace mien {

// Anchors and references of a problem, packed in order of class: where classes differ a block holds negatives only, and
// an anchor's positives are consecutive. A position is a place in that order.
class PackedProblem {
public:
    // A problem without labels keeps its rows in their order. Rounded, its sums are those of rounded rows: see
    // can_round.
    PackedProblem(const MiningProblem& problem, const BlockKernels& kernels, int chunk = kChunk, bool rounded = false);

    // Whether rows can be rounded to bfloat16 and multiplied here.
    static bool can_round(const MiningProblem& problem, const BlockKernels& kernels);

    // Whether the error bound is small beside what the distances of an anchor differ by, in pairs drawn from the
    // problem: few references then come close enough to its nearest or farthest one.
    bool sharp() const;

    // How many references of an anchor may lie within the error bound of its nearest: what covers random data.
    int64_t near_ties() const { return rounded_ ? 32 : 16; }

    const MiningProblem& problem() const { return problem_; }
    const BlockKernels& kernels() const { return kernels_; }
    const Bounds& bounds() const { return bounds_; }
    // What the packed rows were multiplied by.
    double scale() const { return scale_; }
    const PackedRows& anchors() const { return *anchors_; }
    const PackedRows& references() const { return problem_.symmetric ? *anchors_ : *references_; }

    int32_t anchor_at(int64_t position) const { return anchor_order_[position]; }
    int32_t reference_at(int64_t position) const { return reference_order_[position]; }
    // Positions of the references of the anchor's class: first and one beyond the last.
    int64_t class_first(int64_t anchor_position) const { return places_[anchor_position].class_first; }
    int64_t class_last(int64_t anchor_position) const { return places_[anchor_position].class_last; }
    // Position of the reference that is the anchor, or -1.
    int64_t self(int64_t anchor_position) const { return places_[anchor_position].self; }

    // Positions, first and one beyond the last, between which lie all references that are of the class of an anchor of
    // the block or are one of its anchors.
    struct Reach {
        int32_t begin, end;
    };
    Reach reach(int64_t block) const { return reaches_[static_cast<size_t>(block)]; }

    // Copies the anchors in order of positions, `stride` floats each; divided by their norms unless those are null.
    void copy_anchors(const double* norms, int64_t stride, float* out) const;

    // The sums of the anchors of a block and the references of another, kBlock values a row. Where a matrix meets
    // itself those of the second of two panels with the first are a copy of those of the first with the second.
    void block_sums(int64_t block, int64_t other, float* out) const;

    // Anchors of a strip: those of one panel.
    int64_t strips() const { return (problem_.n + kernels_.panel - 1) / kernels_.panel; }
    int64_t strip_begin(int64_t strip) const { return strip * kernels_.panel; }
    int64_t strip_end(int64_t strip) const { return std::min(problem_.n, strip_begin(strip + 1)); }
    // References rounded up to whole blocks: the values of one anchor in a strip.
    int64_t padded_references() const { return references().blocks() * kBlock; }
    // What lies between two anchors of a strip; not a multiple of a page, whose rows would share a few lines of the
    // cache.
    int64_t strip_stride() const { return padded_references() + 16; }
    // The sums of the anchors of a strip and all references, infinite beyond the last, into out (panel, strip_stride).
    void strip_sums(int64_t strip, float* out) const;

private:
    struct Place {
        int32_t class_first, class_last, self;
    };

    void find_classes();
    void own_block_sums(int64_t block, float* out) const;
    Form form() const { return problem_.distance == kManhattan ? Form::kAbsolutes : Form::kSquares; }
    // Of `rows` anchors from a position on and `panels` panels of references from another on, both of whole panels.
    void sums(int64_t anchor, int rows, int64_t reference, int panels, float* out, int64_t stride) const;
    double radius(int64_t anchor, int64_t reference) const;
    void patch_zero_rows(int64_t anchor, int64_t anchors, int64_t reference, int64_t references, float* out,
                         int64_t stride) const;

    const MiningProblem& problem_;
    const BlockKernels& kernels_;
    int chunk_;
    bool rounded_;
    double scale_;
    Bounds bounds_;
    std::vector<int32_t> own_order_;  // of the anchors, unless that is problem_.order
    const int32_t* anchor_order_;
    const int32_t* reference_order_;
    Scratch<Place> places_;
    std::vector<Reach> reaches_;  // by block
    std::unique_ptr<PackedRows> anchors_, references_;
};

}  // namespace mien
