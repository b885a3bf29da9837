#include "fast/block_search.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include "parallel.h"

namespace mien {
namespace {

constexpr float kFar = std::numeric_limits<float>::infinity();
// Fused multiply-adds that one step of scalar work stands for in the thread pool's estimate.
constexpr double kFusedPerStep = 32;

// Up to this many positives of a block are offered one by one.
constexpr int kFewPositives = kBlock * kBlock / 8;

struct alignas(64) Block {
    float values[kBlock * kBlock];
};

// Blocks of a row that one task visits one after the other, at most.
constexpr int64_t kLongestRun = 8;
// Runs are as short as it takes to give each thread so many.
constexpr int64_t kRunsPerThread = 32;

// The pairs of blocks to visit: all, or the second at or after the first where a matrix meets itself. A task is a run
// of them in one row, whose block stays in the cache; tasks that follow each other are of different rows, as two
// threads on one row's anchors wait for each other (n = 4,096, d = 64: a tenth of the time).
class Sweep {
public:
    Sweep(int64_t rows, int64_t columns, bool symmetric)
        : rows_(rows),
          columns_(columns),
          symmetric_(symmetric),
          run_(std::clamp<int64_t>(rows * columns / (symmetric ? 2 : 1) / (kRunsPerThread * pool_threads()), 1,
                                   kLongestRun)) {}

    int64_t tasks() const {
        int64_t count = 0;
        for (int64_t start = 0; start < columns_; start += run_) count += rows_from(start);
        return count;
    }

    template <typename Body>
    void visit(int64_t task, Body body) const {
        int64_t start = 0;
        for (; task >= rows_from(start); start += run_) task -= rows_from(start);
        const int64_t first = (symmetric_ ? task : 0) + start, end = std::min(first + run_, columns_);
        for (int64_t column = first; column < end; ++column) body(task, column);
    }

private:
    // Rows with a run that starts `start` blocks after their first.
    int64_t rows_from(int64_t start) const { return symmetric_ ? rows_ - start : rows_; }

    int64_t rows_, columns_;
    bool symmetric_;
    int64_t run_;
};

class Search {
public:
    Search(const PackedProblem& packed, Contenders& positives, Contenders& negatives)
        : packed_(packed),
          kernels_(packed.kernels()),
          symmetric_(packed.problem().symmetric),
          positives_(positives),
          negatives_(negatives),
          locks_(new std::atomic_flag[static_cast<size_t>(packed.anchors().blocks())]) {
        for (int64_t i = 0; i < packed.anchors().blocks(); ++i) locks_[static_cast<size_t>(i)].clear();
    }

    void run() {
        const MiningProblem& p = packed_.problem();
        const Sweep sweep(packed_.anchors().blocks(), packed_.references().blocks(), symmetric_);
        const double work = static_cast<double>(p.n) * static_cast<double>(p.m) * static_cast<double>(p.d);
        parallel_tasks(sweep.tasks(), work / kFusedPerStep, [&](int64_t task) {
            Scratch scratch;
            sweep.visit(task, [&](int64_t first, int64_t second) { visit(first, second, scratch); });
        });
    }

private:
    struct Scratch {
        Block sums, split;
    };

    void visit(int64_t first, int64_t second, Scratch& scratch) {
        // Sums are of any number of rows, but of whole panels of columns: the smaller block is the rows.
        if (symmetric_ && packed_.anchors().rows(second) < packed_.anchors().rows(first)) std::swap(first, second);
        packed_.block_sums(first, second, scratch.sums.values);
        if (is_negative(first, second)) {
            offer(negatives_, scratch.sums.values, first, second);
            return;
        }
        if (positive_pairs(first, second) <= kFewPositives) {
            offer_positives(first, second, scratch.sums.values);
            keep_negatives(first, second, scratch.sums.values, scratch.sums.values);
            offer(negatives_, scratch.sums.values, first, second);
            return;
        }
        keep_positives(first, second, scratch.sums.values, scratch.split.values);
        offer(positives_, scratch.split.values, first, second);
        keep_negatives(first, second, scratch.sums.values, scratch.sums.values);
        offer(negatives_, scratch.sums.values, first, second);
    }

    // The columns of an anchor's class within a block.
    struct Columns {
        int begin, end;
    };
    Columns positives_of(int64_t anchor, int64_t second) const {
        const int64_t low = second * kBlock, columns = packed_.references().rows(second);
        const auto column = [&](int64_t position) {
            return static_cast<int>(std::clamp<int64_t>(position - low, 0, columns));
        };
        return {column(packed_.class_first(anchor)), column(packed_.class_last(anchor))};
    }

    int positive_pairs(int64_t first, int64_t second) const {
        int count = 0;
        for (int i = 0; i < packed_.anchors().rows(first); ++i) {
            const Columns own = positives_of(first * kBlock + i, second);
            count += own.end - own.begin;
        }
        return count;
    }

    // One by one, which is cheaper than a sweep of the block as long as they are few.
    void offer_positives(int64_t first, int64_t second, const float* sums) {
        const int64_t low = first * kBlock, high = second * kBlock;
        const auto each = [&](auto body) {
            for (int i = 0; i < packed_.anchors().rows(first); ++i) {
                const Columns own = positives_of(low + i, second);
                for (int j = own.begin; j < own.end; ++j) {
                    if (high + j != packed_.self(low + i)) body(low + i, high + j, sums[i * kBlock + j]);
                }
            }
        };
        const auto take = [&](int64_t anchor, int64_t position, float sum) {
            if (!positives_.admits(anchor, sum)) return;
            positives_.expect(anchor, sum);
            positives_.offer(anchor, sum, static_cast<int32_t>(position));
        };
        with_lock(first, [&] { each(take); });
        if (!symmetric_ || first == second) return;
        with_lock(second, [&] { each([&](int64_t i, int64_t j, float sum) { take(j, i, sum); }); });
    }

    // Whether every pair of the two blocks is of different classes, and the second block is full.
    bool is_negative(int64_t first, int64_t second) const {
        const int64_t low = second * kBlock, high = low + kBlock;
        if (high > packed_.references().count()) return false;
        const PackedProblem::Reach reach = packed_.reach(first);
        return reach.begin >= high || reach.end <= low;
    }

    // What is no positive is put out of reach; in may not be out.
    void keep_positives(int64_t first, int64_t second, const float* in, float* out) const {
        const float out_of_reach = positives_.nearest() ? kFar : -kFar;
        for (int i = 0; i < packed_.anchors().rows(first); ++i, in += kBlock, out += kBlock) {
            const Columns own = positives_of(first * kBlock + i, second);
            std::fill(out, out + kBlock, out_of_reach);
            std::copy(in + own.begin, in + own.end, out + own.begin);
            remove_self(first * kBlock + i, second, out_of_reach, out);
        }
    }

    // What is no negative is put out of reach; in may be out.
    void keep_negatives(int64_t first, int64_t second, const float* in, float* out) const {
        const int columns = packed_.references().rows(second);
        for (int i = 0; i < packed_.anchors().rows(first); ++i, in += kBlock, out += kBlock) {
            const Columns own = positives_of(first * kBlock + i, second);
            if (in != out) std::copy(in, in + columns, out);
            std::fill(out + own.begin, out + own.end, kFar);
            std::fill(out + columns, out + kBlock, kFar);
            remove_self(first * kBlock + i, second, kFar, out);
        }
    }

    void remove_self(int64_t anchor, int64_t second, float out_of_reach, float* row) const {
        const int64_t self = packed_.self(anchor) - second * kBlock;
        if (packed_.self(anchor) >= 0 && self >= 0 && self < kBlock) row[self] = out_of_reach;
    }

    void offer(Contenders& to, const float* values, int64_t first, int64_t second) {
        const int rows = packed_.anchors().rows(first), columns = packed_.references().rows(second);
        float of_rows[kBlock], of_columns[kBlock];
        const int padded = packed_.references().panels(second) * kernels_.panel;
        const bool both = symmetric_ && first != second;
        (to.nearest() ? kernels_.minima : kernels_.maxima)(values, rows, padded, of_rows, both ? of_columns : nullptr);
        with_lock(first, [&] {
            for (int i = 0; i < rows; ++i) {
                if (!leads(to, first * kBlock + i, of_rows[i])) continue;
                offer_values(to, first * kBlock + i, of_rows[i], values + i * kBlock, columns, second * kBlock);
            }
        });
        if (!both) return;
        with_lock(second, [&] {
            for (int j = 0; j < columns; ++j) {
                if (!leads(to, second * kBlock + j, of_columns[j])) continue;
                float column[kBlock];
                for (int i = 0; i < rows; ++i) column[i] = values[i * kBlock + j];
                offer_values(to, second * kBlock + j, of_columns[j], column, rows, first * kBlock);
            }
        });
    }

    static bool leads(const Contenders& to, int64_t anchor, float extreme) {
        return std::isfinite(extreme) && to.admits(anchor, extreme);
    }

    void offer_values(Contenders& to, int64_t anchor, float extreme, const float* values, int count,
                      int64_t first_position) const {
        to.expect(anchor, extreme);
        int32_t found[kBlock];
        const float last = std::numeric_limits<float>::max();
        const int64_t size = to.nearest() ? kernels_.at_most(values, count, std::min(to.limit(anchor), last), found)
                                          : kernels_.at_least(values, count, std::max(to.limit(anchor), 0.0f), found);
        for (int64_t i = 0; i < size; ++i) {
            to.offer(anchor, values[found[i]], static_cast<int32_t>(first_position + found[i]));
        }
    }

    template <typename Body>
    void with_lock(int64_t block, Body body) {
        std::atomic_flag& lock = locks_[static_cast<size_t>(block)];
        while (lock.test_and_set(std::memory_order_acquire)) __builtin_ia32_pause();
        body();
        lock.clear(std::memory_order_release);
    }

    const PackedProblem& packed_;
    const BlockKernels& kernels_;
    bool symmetric_;
    Contenders &positives_, &negatives_;
    std::unique_ptr<std::atomic_flag[]> locks_;  // of a block's anchors
};

}  // namespace

void search_blocks(const PackedProblem& packed, Contenders& positives, Contenders& negatives) {
    Search(packed, positives, negatives).run();
}

}  // namespace mien
