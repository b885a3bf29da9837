// All distances by blocks of fast sums; the few that float32 sums cannot give to 1e-6 are computed exactly.

#include <algorithm>
#include <cmath>
#include <memory>

#include "exact_pairs.h"
#include "fast/packed_problem.h"
#include "kernels.h"
#include "parallel.h"

namespace mien::fast {
namespace {

// Rounding a normalised row to float32 moves it by 2^-24 of its length: up to 6e-7 of a squared distance of 0.16, a
// cosine distance of 0.08.
constexpr float kLeastCosineSum = 0.16f;
// Far above what squares lose when they underflow, and 2^-70 of the largest.
constexpr float kLeastSum = 0x1p-60f;
constexpr double kLeastFactor = 0x1p-100;
// From this many pairs of a block on, one by one costs more than all of its rows in double precision.
constexpr int kFewExact = kBlock * kBlock / 16;

struct alignas(64) Block {
    float values[kBlock * kBlock];
    bool uncertain[kBlock * kBlock];
    bool has_uncertain[kBlock];  // whether anything is, of a row; else its flags are not set
};

class Distances {
public:
    Distances(const PackedProblem& packed, ExactRowsKernel exact_rows, float* out)
        : packed_(packed), p_(packed.problem()), exact_rows_(exact_rows), out_(out) {}

    void block(int64_t first, int64_t second, Block& block) const {
        packed_.block_sums(first, second, block.values);
        const int rows = packed_.anchors().rows(first), columns = packed_.references().rows(second);
        const int found = find_uncertain(block, rows, columns);
        finish(block, rows);
        if (found > 0) settle(first, second, rows, columns, found, block);
        store(first, second, rows, columns, block);
    }

private:
    int find_uncertain(Block& block, int rows, int columns) const {
        if (p_.distance == kManhattan) return 0;
        const float least = p_.distance == kCosine ? kLeastCosineSum : kLeastSum;
        float of_rows[kBlock], of_columns[kBlock];
        packed_.kernels().minima(block.values, rows, columns / 16 * 16, of_rows, of_columns);
        int found = 0;
        for (int i = 0; i < rows; ++i) {
            bool any = columns < 16 || of_rows[i] < least;
            for (int j = columns / 16 * 16; j < columns; ++j) any |= block.values[i * kBlock + j] < least;
            block.has_uncertain[i] = any;
            for (int j = 0; any && j < columns; ++j) {
                const bool is = block.values[i * kBlock + j] < least;
                block.uncertain[i * kBlock + j] = is;
                found += is;
            }
        }
        return found;
    }

    // From sums of scaled rows to distances.
    void finish(Block& block, int rows) const {
        if (p_.distance == kCosine) {
            packed_.kernels().scale(block.values, rows, false, 0.5f, block.values);
            for (int at = 0; at < rows * kBlock; ++at) block.values[at] = std::min(block.values[at], 2.0f);
            return;
        }
        const double unscale = 1 / packed_.scale();
        const double factor = p_.distance == kSquaredEuclidean ? unscale * unscale : unscale;
        // A power of two that is a normal float32, unless values are extreme: multiplying by it rounds nothing twice.
        if (factor > kLeastFactor && factor < 1 / kLeastFactor) {
            return packed_.kernels().scale(block.values, rows, p_.distance == kEuclidean, static_cast<float>(factor),
                                           block.values);
        }
        for (int at = 0; at < rows * kBlock; ++at) {
            const double sum = block.values[at];
            block.values[at] = static_cast<float>((p_.distance == kEuclidean ? std::sqrt(sum) : sum) * factor);
        }
    }

    void settle(int64_t first, int64_t second, int rows, int columns, int found, Block& block) const {
        for (int i = 0; i < rows; i += kTogether) {
            const int count = std::min(kTogether, rows - i);
            double exact[kTogether * kBlock];
            if (found > kFewExact) exact_of_all(first * kBlock + i, count, second, columns, exact);
            for (int r = i; r < i + count; ++r) {
                int32_t picked[kBlock];
                int some = 0;
                for (int j = 0; block.has_uncertain[r] && j < columns; ++j) {
                    if (block.uncertain[r * kBlock + j]) picked[some++] = j;
                }
                if (some == 0) continue;
                double distances[kBlock];
                if (found <= kFewExact) exact_of_some(first * kBlock + r, second, picked, some, distances);
                for (int s = 0; s < some; ++s) {
                    const double distance = found > kFewExact ? exact[(r - i) * columns + picked[s]] : distances[s];
                    block.values[r * kBlock + picked[s]] = static_cast<float>(distance);
                }
            }
        }
    }

    void exact_of_all(int64_t row, int count, int64_t second, int columns, double* out) const {
        MiningProblem part = p_;
        part.y += second * kBlock * p_.d;
        part.m = columns;
        if (p_.y_norms != nullptr) part.y_norms += second * kBlock;
        int32_t anchors[kTogether];
        for (int r = 0; r < count; ++r) anchors[r] = static_cast<int32_t>(row + r);
        exact_rows_(part, anchors, count, out);
    }

    void exact_of_some(int64_t row, int64_t second, const int32_t* picked, int some, double* out) const {
        ExactPairs pairs(p_);
        for (int s = 0; s < some; ++s) {
            pairs.add(static_cast<int32_t>(row), static_cast<int32_t>(second * kBlock + picked[s]));
        }
        pairs.compute();
        for (int s = 0; s < some; ++s) out[s] = pairs.distance(s);
    }

    void store(int64_t first, int64_t second, int rows, int columns, const Block& block) const {
        for (int i = 0; i < rows; ++i) {
            const float* values = block.values + i * kBlock;
            std::copy(values, values + columns, out_ + (first * kBlock + i) * p_.m + second * kBlock);
        }
        if (!p_.symmetric || first == second) return;
        for (int j = 0; j < columns; ++j) {
            float* out = out_ + (second * kBlock + j) * p_.m + first * kBlock;
            for (int i = 0; i < rows; ++i) out[i] = block.values[i * kBlock + j];
        }
    }

    static constexpr int kTogether = 16;

    const PackedProblem& packed_;
    const MiningProblem& p_;
    ExactRowsKernel exact_rows_;
    float* out_;
};

}  // namespace

void distances(const MiningProblem& p, const BlockKernels& kernels, ExactRowsKernel exact_rows, float* out) {
    const PackedProblem packed(p, kernels, kExactChunk);
    const Distances task(packed, exact_rows, out);
    const int64_t columns = packed.references().blocks();
    const double work = static_cast<double>(p.n) * static_cast<double>(p.m) * static_cast<double>(p.d) / 16;
    parallel_tasks(packed.anchors().blocks(), work, [&](int64_t first) {
        const std::unique_ptr<Block> block(new Block);
        for (int64_t second = p.symmetric ? first : 0; second < columns; ++second) task.block(first, second, *block);
    });
}

}  // namespace mien::fast
