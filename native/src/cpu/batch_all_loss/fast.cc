// The batch-all loss over blocks of fast sums, each pair of blocks met once.
//
// The thresholds of an anchor are dp + margin of its positives, exact and sorted. The rank of a negative among them
// says how many triplets it violates. Where few pairs of two blocks can violate any, the usual case once a network has
// learned something, their exact distances say it, and all else of the blocks is left alone. Where many do, the sums
// of the blocks rank them, and where the error bounds of a sum leave a rank in doubt the exact distance decides; so
// counts are exact. Each block of gradients takes its contributions in one fixed order, whatever the number of threads.

#include <algorithm>
#include <memory>

#include "cpu/batch_all_loss/few_pairs.h"
#include "cpu/batch_all_loss/gradients.h"
#include "cpu/batch_all_loss/tallies.h"
#include "exact_pairs.h"
#include "fast/packed_problem.h"
#include "fast/passes.h"
#include "fast/sorted_rows.h"
#include "fast/thresholds.h"
#include "fast/turns.h"
#include "kernels.h"
#include "parallel.h"
#include "scratch.h"

namespace mien::fast {
namespace {

struct alignas(64) Block {
    float values[kBlock * kBlock];
};

class BatchAllLoss {
public:
    BatchAllLoss(const PackedProblem& packed, double margin, bool with_gradient)
        : packed_(packed),
          p_(packed.problem()),
          kernels_(packed.kernels()),
          rows_(packed),
          thresholds_(packed, rows_, margin),
          rounded_(worth_rounding(p_, kernels_) && mostly_few() ? rounded_problem(p_, kernels_) : nullptr),
          violating_(search(), thresholds_),
          tallies_(packed, thresholds_),
          gradients_(packed, rows_, with_gradient),
          of_positive_(with_gradient ? thresholds_.begin(p_.n) : 0) {}

    // False where float32 cannot give the loss and its gradient to 1e-5.
    bool run(double* loss, int64_t* active, float* gradient) {
        push_negatives();
        tallies_.sum_ranks();
        if (!tallies_.add_up(loss, active)) return false;
        if (!gradients_.wanted()) return true;
        if (*active > 0) pull_positives();
        return gradients_.write(gradient);
    }

private:
    // The triplets that each of a block's anchors loses by each row of another block, and the sums over them.
    struct View {
        Block weights;
        Tally tallies[kBlock];
    };

    struct Task {
        Block sums, distances, turned, turned_distances;
        View of_first, of_second;
        Block coefficients;
        int32_t ranks[kBlock];
        FewPairs few;
    };

    void push_negatives() {
        Turns turns(packed_.anchors().blocks());
        const double work = static_cast<double>(p_.n) * static_cast<double>(p_.n) * static_cast<double>(p_.d);
        parallel_tasks(turns.tasks(), work / 16, [&](int64_t task) {
            int64_t first, apart;
            turns.locate(task, &first, &apart);
            try {
                visit(first, first + apart, turns);
            } catch (...) {
                turns.abandon();
                throw;
            }
        });
    }

    void visit(int64_t first, int64_t second, Turns& turns) {
        const Scratch<Task> memory(1);
        Task& task = memory[0];
        search().block_sums(first, second, task.sums.values);
        if (task.few.find(search(), violating_, first, second, task.sums.values))
            return push_few(first, second, task.few, turns);
        if (rounded_) packed_.block_sums(first, second, task.sums.values);
        push_many(first, second, task, turns);
    }

    // What finds the pairs: rows rounded to bfloat16 where few of them are violating, and sums tell them apart.
    const PackedProblem& search() const { return rounded_ ? *rounded_ : packed_; }

    // Whether few of the pairs drawn from all violate a triplet.
    bool mostly_few() const {
        constexpr int64_t kDrawn = 256;
        int32_t anchors[kDrawn], others[kDrawn];
        double distances[kDrawn];
        for (int64_t i = 0; i < kDrawn; ++i) {
            anchors[i] = static_cast<int32_t>(i * p_.n / kDrawn);
            others[i] = static_cast<int32_t>((anchors[i] + p_.n / 2 + i % 7) % p_.n);
        }
        mien::kernels().exact_pairs(rows_.problem(), anchors, others, kDrawn, distances);
        int64_t violating = 0;
        for (int i = 0; i < kDrawn; ++i) {
            violating += thresholds_.above(anchors[i], distances[i]) + thresholds_.above(others[i], distances[i]) > 0;
        }
        return violating * kBlock * kBlock < kDrawn * FewPairs::kMost;
    }

    void push_few(int64_t first, int64_t second, FewPairs& pairs, Turns& turns) {
        pairs.settle(rows_, thresholds_, first, second);
        turns.take(first, second - first, false, [&] {
            take_few(first, second, pairs.first(), pairs.count());
            if (first == second) take_few(first, first, pairs.second(), pairs.count());
        });
        if (first == second) return;
        turns.take(second, second - first, true, [&] { take_few(second, first, pairs.second(), pairs.count()); });
    }

    void take_few(int64_t block, int64_t other, const FewPairs::Side& side, int count) {
        float coefficients[FewPairs::kMost];
        for (int k = 0; k < count; ++k) {
            const int64_t anchor = block * kBlock + side.rows[k];
            tallies_.add(anchor, side.weights[k], side.distances[k]);
            coefficients[k] = static_cast<float>(
                -side.all_weights[k] * derivative(anchor, other * kBlock + side.others[k], side.distances[k]));
        }
        if (!gradients_.wanted()) return;
        for (int k = 0, end; k < count; k = end) {
            for (end = k + 1; end < count && side.rows[end] == side.rows[k];) ++end;
            gradients_.add(block * kBlock + side.rows[k], other, side.others + k, end - k, coefficients + k);
        }
    }

    // Of the distance, by what it is taken along.
    double derivative(int64_t anchor, int64_t other, double distance) const {
        constexpr double kLeast = 0x1p-100;  // what float32 can divide by
        if (is_zero(anchor) || is_zero(other)) return 0;
        if (p_.distance == kSquaredEuclidean) return 2;
        return p_.distance != kEuclidean ? 1 : distance < kLeast ? 0 : 1 / distance;
    }

    void push_many(int64_t first, int64_t second, Task& task, Turns& turns) {
        find_distances(first, task);
        weigh_negatives(first, second, task.sums, task.distances, task.of_first, task.ranks);
        if (first != second) {
            kernels_.transpose(task.sums.values, task.turned.values);
            kernels_.transpose(task.distances.values, task.turned_distances.values);
            weigh_negatives(second, first, task.turned, task.turned_distances, task.of_second, task.ranks);
        }
        contribute(first, second, task, turns);
    }

    void find_distances(int64_t first, Task& task) const {
        // Rows beyond the last become columns when turned.
        std::fill(task.sums.values + packed_.anchors().rows(first) * kBlock, task.sums.values + kBlock * kBlock, 0.0f);
        const double unscale = 1 / packed_.scale();
        const double factor = p_.distance == kCosine             ? 0.5
                              : p_.distance == kSquaredEuclidean ? unscale * unscale
                                                                 : unscale;
        kernels_.scale(task.sums.values, kBlock, p_.distance == kEuclidean, static_cast<float>(factor),
                       task.distances.values);
    }

    void weigh_negatives(int64_t block, int64_t other, const Block& sums, const Block& distances, View& view,
                         int32_t* ranks) const {
        const int64_t low = other * kBlock;
        const int columns = packed_.anchors().rows(other);
        for (int i = 0; i < packed_.anchors().rows(block); ++i) {
            const int64_t anchor = block * kBlock + i;
            float* const weights = view.weights.values + i * kBlock;
            view.tallies[i] = {};
            const int count = thresholds_.count(anchor);
            if (count == 0) {
                std::fill_n(weights, kBlock, 0.0f);
                continue;
            }
            const int doubts = kernels_.ranks(sums.values + i * kBlock, kBlock, thresholds_.high(anchor),
                                              thresholds_.low(anchor), thresholds_.size(anchor), ranks);
            if (doubts > 0) settle(anchor, low, columns, ranks);
            // What is no negative violates nothing.
            const auto column = [&](int64_t at) { return static_cast<int>(std::clamp<int64_t>(at - low, 0, columns)); };
            std::fill(ranks + column(packed_.class_first(anchor)), ranks + column(packed_.class_last(anchor)), count);
            std::fill(ranks + columns, ranks + kBlock, count);
            const double base = thresholds_.largest(anchor);
            const float rounded = static_cast<float>(base);
            const auto sum = kernels_.weigh(distances.values + i * kBlock, ranks, count, rounded, weights);
            view.tallies[i] = {sum.pull + (base - rounded) * sum.weight, sum.weight, sum.distance};
        }
    }

    // Ranks in doubt, by the exact distance.
    void settle(int64_t anchor, int64_t low, int columns, int32_t* ranks) const {
        ExactPairs pairs(rows_.problem());
        for (int j = 0; j < columns; ++j) {
            if (ranks[j] < 0) pairs.add(static_cast<int32_t>(anchor), static_cast<int32_t>(low + j));
        }
        pairs.compute();
        int next = 0;
        for (int j = 0; j < columns; ++j) {
            if (ranks[j] >= 0) continue;
            ranks[j] = thresholds_.count(anchor) - thresholds_.above(anchor, pairs.distance(next++));
        }
    }

    // Adds what a task says to the anchors of both its blocks: -(the weights of both anchors of a pair) * the
    // derivative of their distance.
    void contribute(int64_t first, int64_t second, Task& task, Turns& turns) {
        View& other = first == second ? task.of_first : task.of_second;
        if (gradients_.wanted()) {
            kernels_.transpose(other.weights.values, task.coefficients.values);
            combine(first, second, task);
            kernels_.transpose(task.coefficients.values, task.turned.values);
        }
        turns.take(first, second - first, false, [&] { take_many(first, second, task.of_first, task.coefficients); });
        if (first == second) return;
        turns.take(second, second - first, true, [&] { take_many(second, first, other, task.turned); });
    }

    void take_many(int64_t block, int64_t other, const View& view, const Block& coefficients) {
        for (int i = 0; i < packed_.anchors().rows(block); ++i) {
            tallies_.add(block * kBlock + i, view.weights.values + i * kBlock, packed_.anchors().rows(other),
                         view.tallies[i]);
        }
        if (gradients_.wanted()) gradients_.add(block, other, coefficients.values);
    }

    void combine(int64_t first, int64_t second, Task& task) const {
        // The derivative of a squared distance is twice the difference.
        const float factor = p_.distance == kSquaredEuclidean ? -2 : -1;
        const float* divisors = p_.distance == kEuclidean ? task.distances.values : nullptr;
        float* const out = task.coefficients.values;
        const int rows = packed_.anchors().rows(first);
        kernels_.combine(task.of_first.weights.values, out, divisors, rows, factor, out);
        for (int i = 0; i < rows; ++i) {
            if (is_zero(first * kBlock + i)) std::fill_n(out + i * kBlock, kBlock, 0.0f);
        }
        for (int j = 0; j < packed_.anchors().rows(second); ++j) {
            if (!is_zero(second * kBlock + j)) continue;
            for (int i = 0; i < rows; ++i) out[i * kBlock + j] = 0;
        }
    }

    // The distance of a zero row is a constant for cosine.
    bool is_zero(int64_t position) const {
        return p_.distance == kCosine && p_.x_norms[packed_.anchor_at(position)] == 0;
    }

    // Positives pull once the weights of all negatives are known.
    void pull_positives() {
        for (int64_t a = 0; a < p_.n; ++a) {
            for (int q = 0; q < thresholds_.count(a); ++q) {
                const int64_t positive = thresholds_.position(a)[q];
                of_positive_[thresholds_.begin(a) + positive - packed_.class_first(a)] =
                    static_cast<float>(tallies_.violating(a, q) * derivative(a, positive, thresholds_.distance(a)[q]));
            }
        }
        const double work = static_cast<double>(thresholds_.begin(p_.n)) * static_cast<double>(p_.d);
        parallel_tasks(packed_.anchors().blocks(), work, [&](int64_t block) {
            const int64_t last = block * kBlock + packed_.anchors().rows(block) - 1;
            const Scratch<Block> coefficients(1);
            for (int64_t other = packed_.class_first(block * kBlock) / kBlock;
                 other * kBlock < packed_.class_last(last); ++other) {
                weigh_positives(block, other, coefficients[0].values);
                gradients_.add(block, other, coefficients[0].values);
            }
        });
    }

    void weigh_positives(int64_t block, int64_t other, float* coefficients) const {
        std::fill_n(coefficients, kBlock * kBlock, 0.0f);
        const int64_t low = other * kBlock, high = low + packed_.anchors().rows(other);
        for (int i = 0; i < packed_.anchors().rows(block); ++i) {
            const int64_t anchor = block * kBlock + i, first = packed_.class_first(anchor);
            for (int64_t j = std::max(low, first); j < std::min(high, packed_.class_last(anchor)); ++j) {
                if (j == anchor) continue;
                coefficients[i * kBlock + j - low] = of_positive_[thresholds_.begin(anchor) + j - first] +
                                                     of_positive_[thresholds_.begin(j) + anchor - first];
            }
        }
    }

    const PackedProblem& packed_;
    const MiningProblem& p_;
    const BlockKernels& kernels_;
    SortedRows rows_;
    Thresholds thresholds_;
    std::unique_ptr<PackedProblem> rounded_;
    ViolatingSums violating_;
    Tallies tallies_;
    Gradients gradients_;
    Scratch<float> of_positive_;  // at the place of a positive in its class: violated triplets * derivative
};

// Below this the exact selection takes less than a millisecond.
constexpr int64_t kFewRows = 128;
// Thresholds take 40 bytes each; beyond the size of the rows they would no longer be O(n d).
constexpr int64_t kThresholdsPerValue = 2, kThresholdsAnyway = 1 << 20;
// Squares and gradients of values outside could leave float32.
constexpr float kLargest = 0x1p40f, kSmallest = 0x1p-40f;

}  // namespace

bool batch_all_loss(const MiningProblem& p, double margin, const BlockKernels& kernels, double* loss, int64_t* active,
                    float* gradient) {
    if (p.n < kFewRows || p.largest > kLargest || p.largest < kSmallest) return false;
    const PackedProblem packed(p, kernels);
    if (Thresholds::offsets(packed).back() > std::max(kThresholdsAnyway, kThresholdsPerValue * p.n * p.d)) return false;
    return BatchAllLoss(packed, margin, gradient != nullptr).run(loss, active, gradient);
}

}  // namespace mien::fast
