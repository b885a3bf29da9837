#pragma once

// Blocks of fast distances: what every fast miner is built on, one table per instruction set. A block holds the sums
// sum (a - b)^2 or sum |a - b| of up to kBlock x kBlock pairs in float32; how far they may be off says bounds.h.

#include <cstdint>

namespace mien {

constexpr int kBlock = 96;       // rows and columns of a block: 36 KB, beside operands that stream through the L2 cache
constexpr int kChunk = 64;       // columns of a row summed before the sum is added to the block: bounds the rounding
constexpr int kExactChunk = 32;  // the same where the sums themselves are returned
constexpr int kMaxPanel = 48;    // most rows of a panel, on any instruction set

enum class Form { kSquares, kAbsolutes };

struct BlockKernels {
    // Rows are packed in panels: (d, panel) with one column per row, so that one load takes a value of several rows.
    // kBlock is a multiple of it.
    int panel;

    // sums[i * stride + j] = sum over k of (a_i - b_j)^2 or |a_i - b_j|, for a_panels * panel rows i and b_panels *
    // panel columns j. a and b point to the first of consecutive panels; `chunk` columns are summed at a time.
    using Sums = void (*)(const float* a, int a_panels, const float* b, int b_panels, int64_t d, int chunk, float* sums,
                          int64_t stride);
    Sums squares;
    Sums absolutes;

    // Extremes of a block (stride kBlock) with `rows` rows and `columns` (a multiple of 8) columns.
    using Reduce = void (*)(const float* sums, int rows, int columns, float* of_rows, float* of_columns);
    Reduce minima;
    Reduce maxima;

    // Positions of the values <= limit (>= limit) among `count`, ascending; returns their number.
    using Collect = int64_t (*)(const float* values, int64_t count, float limit, int32_t* positions);
    Collect at_most;
    Collect at_least;

    // Positions of the values in low..high, at most `most` of them, ascending; returns their number, or -1 if more are.
    using Between = int (*)(const float* values, int64_t count, float low, float high, int32_t* positions, int most);
    Between between;

    // For each of kThresholds thresholds the least of `count` (a multiple of 16) values above it, infinity if none is.
    static constexpr int kThresholds = 4;
    using LeastAbove = void (*)(const float* values, int64_t count, const float* thresholds, float* least);
    LeastAbove least_above;

    Sums sums(Form form) const { return form == Form::kSquares ? squares : absolutes; }
};

namespace avx2 {
extern const BlockKernels kBlocks;
}
namespace avx512 {
extern const BlockKernels kBlocks;          // broadcasts by instructions of their own
extern const BlockKernels kEmbeddedBlocks;  // broadcasts as operands of the subtraction
}  // namespace avx512

}  // namespace mien
