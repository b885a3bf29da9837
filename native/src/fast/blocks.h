#pragma once

// Blocks of fast distances: what every fast miner is built on, one table per instruction set. A block holds the sums
// sum (a - b)^2 or sum |a - b| of up to kBlock x kBlock pairs in float32; how far they may be off says bounds.h.

#include <cstdint>

namespace mien {

constexpr int kBlock = 96;  // rows and columns of a block: 36 KB, beside operands that stream through the L2 cache
// Columns of a row summed before the sum is added to the block. Longer chunks are faster, 98 % of the peak with 64 and
// 100 % with 128, but round more: what is more often settled exactly takes shorter ones, and shortest where the sums
// are returned.
constexpr int kSearchChunk = 128;
constexpr int kChunk = 64;
constexpr int kExactChunk = 32;
constexpr int kMaxPanel = 48;  // most rows of a panel, on any instruction set

enum class Form { kSquares, kAbsolutes };

struct BlockKernels {
    // Rows are packed in panels: (d, panel) with one column per row, so that one load takes a value of several rows.
    // kBlock is a multiple of it.
    int panel;

    // sums[i * stride + j] = sum over k of (a_i - b_j)^2 or |a_i - b_j|, for `rows` rows i (and up to 7 more, of no
    // meaning) and b_panels * panel columns j. a and b point to the first of consecutive panels; `chunk` columns are
    // summed at a time.
    using Sums = void (*)(const float* a, int rows, const float* b, int b_panels, int64_t d, int chunk, float* sums,
                          int64_t stride);
    Sums squares;
    Sums absolutes;

    // Extremes of a block (stride kBlock) with `rows` rows and `columns` (a multiple of 8) columns; of_columns may be
    // null.
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

    // Positions of the values that are at most `limit` or at most the limit of their position, at most `most` of them,
    // ascending; returns their number, or -1 if more are. count: a multiple of 16.
    using Within = int (*)(const float* values, const float* limits, float limit, int64_t count, int32_t* positions,
                           int most);
    Within within;

    // For each of kThresholds thresholds the least of `count` (a multiple of 16) values above it, infinity if none is.
    static constexpr int kThresholds = 4;
    using LeastAbove = void (*)(const float* values, int64_t count, const float* thresholds, float* least);
    LeastAbove least_above;

    // For each of `count` (a multiple of 16) values how many of the rising thresholds `high` are below it. Where the
    // threshold that follows might be as well, since its `low` is not above the value, the complement (~) of that. Both
    // arrays hold `size` entries, a power of two above the number of thresholds, the rest infinite. Returns how many
    // are in doubt.
    using Ranks = int (*)(const float* values, int64_t count, const float* high, const float* low, int32_t size,
                          int32_t* ranks);
    Ranks ranks;

    // For a row of kBlock distances and ranks: weights = thresholds - rank, as floats. Returns their sum, the sum of
    // weight * distance and that of weight * (base - distance).
    struct Weighed {
        float weight, distance, pull;
    };
    using Weigh = Weighed (*)(const float* distances, const int32_t* ranks, int32_t thresholds, float base,
                              float* weights);
    Weigh weigh;

    // out = sums (or their roots) * factor, of `rows` rows of a block; out may be sums.
    using Scale = void (*)(const float* sums, int rows, bool root, float factor, float* out);
    Scale scale;

    // out = (a + b) * factor, divided by `distances` unless that is null (0 where one is 0), of `rows` rows of a block.
    using Combine = void (*)(const float* a, const float* b, const float* distances, int rows, float factor,
                             float* out);
    Combine combine;

    // out[j * kBlock + i] = in[i * kBlock + j] of a whole block.
    using Transpose = void (*)(const float* in, float* out);
    Transpose transpose;

    // sums[i] = the same sum of the rows a[i] and b[i], `width` floats each, a multiple of 16, `stride` floats apart;
    // multiplied by `factors` (by row) before that unless these are null. In float64, in any order of columns: within
    // width * 2^-52 of itself, and root 2^-51 where there are factors, of what exact_pairs adds up, in half the time.
    using PairSums = void (*)(const float* rows, const double* factors, int64_t width, int64_t stride, const int32_t* a,
                              const int32_t* b, int count, double* sums);
    PairSums pair_squares;
    PairSums pair_absolutes;

    // gradient[i] += sum over j of weights[i * kBlock + j] * (a[i] - b[j]), or of the sign of the difference, for rows
    // of `width` floats, a multiple of kGradientWidth, `stride` floats apart; up to kBlock rows each. Zero weights cost
    // next to nothing.
    static constexpr int kGradientWidth = 32;
    using Gradient = void (*)(const float* weights, const float* a, int rows, const float* b, int columns,
                              int64_t width, int64_t stride, float* gradient);
    Gradient gradient_of_squares;
    Gradient gradient_of_absolutes;

    // The same of one row and `count` of the rows b, those at `columns`.
    using RowGradient = void (*)(const float* weights, const int32_t* columns, int count, const float* a,
                                 const float* b, int64_t width, int64_t stride, float* gradient);
    RowGradient row_gradient_of_squares;
    RowGradient row_gradient_of_absolutes;

    // The same squares of rows rounded to bfloat16, as a_squares[i] + b_squares[j] - 2 sum of products, no less than 0;
    // twice the speed. A packed column holds two columns of a row; `pairs` and `chunk` count these. The squares are of
    // whole panels. Null where the instruction set has no such products.
    using Products = void (*)(const float* a, const float* a_squares, int rows, const float* b, const float* b_squares,
                              int b_panels, int64_t pairs, int chunk, float* sums, int64_t stride);
    Products products = nullptr;

    // Rounds d values times `factor` to bfloat16 into out, two a float, a zero beyond the last of an odd number.
    struct Rounded {
        float square;  // of the length of what lies in out, within 2^-23 of it
        float lost;    // length of what rounding took away, or a little more
    };
    using Round = Rounded (*)(const float* row, float factor, int64_t d, float* out);
    Round round = nullptr;

    Sums sums(Form form) const { return form == Form::kSquares ? squares : absolutes; }
};

namespace avx2 {
extern const BlockKernels kBlocks;
}
namespace avx512bf16 {
extern const BlockKernels::Products kProducts;
extern const BlockKernels::Round kRound;
}  // namespace avx512bf16
namespace avx512 {
extern const BlockKernels kBlocks;          // broadcasts by instructions of their own
extern const BlockKernels kEmbeddedBlocks;  // broadcasts as operands of the subtraction
}  // namespace avx512

}  // namespace mien
