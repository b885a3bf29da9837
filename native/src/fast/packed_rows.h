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
//
// Rounded to bfloat16, a packed column holds two columns of a row.
class PackedRows {
public:
    // order (count): the row at each position. norms: by row, cosine only, else null. round: rounds the rows, which
    // needs a scale (or norms) well within the range of float32; null leaves them as they are.
    PackedRows(const float* x, int64_t d, const int32_t* order, int64_t count, double scale, const double* norms,
               int panel, BlockKernels::Round round);
    PackedRows(const PackedRows&) = delete;
    PackedRows& operator=(const PackedRows&) = delete;

    int64_t count() const { return count_; }
    int64_t blocks() const { return (count_ + kBlock - 1) / kBlock; }
    // Rows of a block, and the panels that hold them.
    int rows(int64_t block) const { return static_cast<int>(std::min<int64_t>(kBlock, count_ - block * kBlock)); }
    int panels(int64_t block) const { return (rows(block) + panel_ - 1) / panel_; }
    const float* panel_of(int64_t position) const { return data() + position / panel_ * panel_ * columns_; }
    // Packed columns of a row.
    int64_t columns() const { return columns_; }

    // Of rounded rows: the squares of their lengths from a position on, the largest of these, and the most that
    // rounding took away from a row.
    const float* squares(int64_t position) const { return data() + padded_ * columns_ + position; }
    double largest_square() const { return largest_square_; }
    double rounded() const { return rounded_; }

    // Positions of zero rows, ascending; cosine only.
    const std::vector<int32_t>& zero_rows() const { return zero_rows_; }

private:
    const float* data() const;
    void pack(int64_t begin, int64_t end, float* out) const;
    void pack_rounded(const float* const* rows, const double* factors, int64_t at, float* memory, float* out) const;

    const float* x_;
    int64_t count_, d_;
    const int32_t* order_;
    double scale_;
    const double* norms_;
    int panel_;
    BlockKernels::Round round_;
    int64_t columns_, padded_;
    int64_t floats_;                    // of one copy
    mutable std::vector<char> packed_;  // by worker
    Scratch<float> copies_;
    Scratch<float> lost_;  // by rounding, of each row
    double largest_square_ = 0, rounded_ = 0;
    std::vector<int32_t> zero_rows_;
};

// A power of two that brings the largest magnitude to 2^44..2^45: no sum of squares overflows (d < 2^37) and what
// underflows is 2^-107 of it.
double packing_scale(float largest);

}  // namespace mien
