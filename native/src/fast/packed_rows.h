#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "fast/blocks.h"
#include "scratch.h"

namespace mien {

// Rows in panels for the block kernels: scaled by a power of two, or divided by their norm for cosine; zeros fill the
// last block. The sums of a zero row are meaningless for cosine: see patch.
//
// Few rows are packed by each thread of the pool for itself when it first asks for them: that takes less time than
// their way from one core's cache to another's, a third of a call at n = 256 on two cores.
class PackedRows {
public:
    // order (count): the row at each position. norms: by row, cosine only, else null.
    PackedRows(const float* x, int64_t d, const int32_t* order, int64_t count, double scale, const double* norms,
               int panel);
    PackedRows(const PackedRows&) = delete;
    PackedRows& operator=(const PackedRows&) = delete;

    int64_t count() const { return count_; }
    int64_t blocks() const { return (count_ + kBlock - 1) / kBlock; }
    // Rows of a block, and the panels that hold them.
    int rows(int64_t block) const { return static_cast<int>(std::min<int64_t>(kBlock, count_ - block * kBlock)); }
    int panels(int64_t block) const { return (rows(block) + panel_ - 1) / panel_; }
    const float* block(int64_t block) const { return data() + block * kBlock * d_; }
    const float* panel_of(int64_t position) const { return data() + position / panel_ * panel_ * d_; }

    // Positions of zero rows, ascending; cosine only.
    const std::vector<int32_t>& zero_rows() const { return zero_rows_; }

private:
    const float* data() const;
    void pack(int64_t begin, int64_t end, float* out) const;

    const float* x_;
    int64_t count_, d_;
    const int32_t* order_;
    double scale_;
    const double* norms_;
    int panel_;
    int64_t floats_;                    // of one copy
    mutable std::vector<char> packed_;  // by worker
    Scratch<float> copies_;
    std::vector<int32_t> zero_rows_;
};

// A power of two that brings the largest magnitude to 2^44..2^45: no sum of squares overflows (d < 2^37) and what
// underflows is 2^-107 of it.
double packing_scale(float largest);

}  // namespace mien
