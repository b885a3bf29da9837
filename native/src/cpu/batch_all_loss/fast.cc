// The batch-all loss over blocks of fast sums, each pair of blocks met once.
//
// The thresholds of an anchor are dp + margin of its positives, exact and sorted. The rank of a negative among them
// says how many triplets it violates; where the error bounds of a sum leave a rank in doubt the exact distance decides,
// so that counts are exact. Each block of gradients takes its contributions in one fixed order, whatever the number of
// threads.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "exact_pairs.h"
#include "fast/packed_problem.h"
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

// Sums are good to 1e-7: what is left of them must be more than this share of them.
constexpr double kLeastAcross = 0.02;

// The sums over the negatives of an anchor. Distances are counted from the largest threshold down, so that what cancels
// is gone before it is summed.
struct Tally {
    double pull = 0;      // weight * (largest threshold - distance)
    double weight = 0;    // violated triplets
    double distance = 0;  // weight * distance
};

class BatchAllLoss {
public:
    BatchAllLoss(const PackedProblem& packed, double margin, bool with_gradient)
        : packed_(packed),
          p_(packed.problem()),
          kernels_(packed.kernels()),
          thresholds_(packed, margin),
          width_((p_.d + BlockKernels::kGradientWidth - 1) / BlockKernels::kGradientWidth *
                 BlockKernels::kGradientWidth),
          // Not a power of two, whose rows would share a few lines of the first cache: twice the time at d = 512.
          stride_(width_ + 16),
          with_gradient_(with_gradient),
          rows_(with_gradient ? p_.n * stride_ : 0),
          gradient_(with_gradient ? p_.n * stride_ : 0),
          of_rank_(thresholds_.begin(p_.n)),
          of_positive_(with_gradient ? thresholds_.begin(p_.n) : 0),
          tallies_(static_cast<size_t>(p_.n)) {
        std::fill_n(of_rank_.get(), thresholds_.begin(p_.n), int64_t{0});
        if (!with_gradient) return;
        packed.copy_anchors(p_.x_norms, stride_, rows_.get());
        std::fill_n(gradient_.get(), p_.n * stride_, 0.0f);
    }

    // False where float32 cannot give the loss and its gradient to 1e-5.
    bool run(double* loss, int64_t* active, float* gradient) {
        sweep([this](int64_t first, int64_t second, Turns& turns) { visit_negatives(first, second, turns); });
        sum_ranks();
        if (!add_up(loss, active)) return false;
        if (!with_gradient_) return true;
        if (*active > 0)
            sweep([this](int64_t first, int64_t second, Turns& turns) { visit_positives(first, second, turns); });
        return finish(gradient);
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
    };

    template <typename Visit>
    void sweep(Visit visit) {
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

    void visit_negatives(int64_t first, int64_t second, Turns& turns) {
        const Scratch<Task> memory(1);
        Task& task = memory[0];
        find_distances(first, second, task);
        weigh_negatives(first, second, task.sums, task.distances, task.of_first, task.ranks);
        if (first != second) {
            kernels_.transpose(task.sums.values, task.turned.values);
            kernels_.transpose(task.distances.values, task.turned_distances.values);
            weigh_negatives(second, first, task.turned, task.turned_distances, task.of_second, task.ranks);
        }
        contribute(first, second, task, turns, -1);
    }

    void find_distances(int64_t first, int64_t second, Task& task) const {
        packed_.block_sums(first, second, task.sums.values);
        // Rows beyond the last become columns when turned.
        std::fill(task.sums.values + packed_.anchors().rows(first) * kBlock, task.sums.values + kBlock * kBlock, 0.0f);
        const double unscale = 1 / packed_.scale();
        const double factor = p_.distance == kCosine             ? 0.5
                              : p_.distance == kSquaredEuclidean ? unscale * unscale
                                                                 : unscale;
        kernels_.scale(task.sums.values, kBlock, p_.distance == kEuclidean, static_cast<float>(factor),
                       task.distances.values);
    }

    // Positives pull once the weights of all negatives are known.
    void visit_positives(int64_t first, int64_t second, Turns& turns) {
        const int64_t last = first * kBlock + packed_.anchors().rows(first) - 1;
        if (packed_.class_last(last) <= second * kBlock) {
            turns.take(first, second - first, false, [] {});
            turns.take(second, second - first, true, [] {});
            return;
        }
        const Scratch<Task> memory(1);
        Task& task = memory[0];
        find_distances(first, second, task);
        weigh_positives(first, second, task.of_first);
        if (first != second) weigh_positives(second, first, task.of_second);
        contribute(first, second, task, turns, 1);
    }

    void weigh_negatives(int64_t block, int64_t other, const Block& sums, const Block& distances, View& view,
                         int32_t* ranks) const {
        const int64_t low = other * kBlock;
        const int columns = packed_.anchors().rows(other);
        for (int i = 0; i < packed_.anchors().rows(block); ++i) {
            const int64_t anchor = block * kBlock + i;
            float* const weights = view.weights.values + i * kBlock;
            view.tallies[i] = {};
            const int count = positives(anchor);
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
            const double base = base_of(anchor);
            const float rounded = static_cast<float>(base);
            const auto sum = kernels_.weigh(distances.values + i * kBlock, ranks, count, rounded, weights);
            view.tallies[i] = {sum.pull + (base - rounded) * sum.weight, sum.weight, sum.distance};
        }
    }

    // Ranks in doubt, by the exact distance.
    void settle(int64_t anchor, int64_t low, int columns, int32_t* ranks) const {
        ExactPairs pairs(p_);
        for (int j = 0; j < columns; ++j) {
            if (ranks[j] < 0) pairs.add(packed_.anchor_at(anchor), packed_.reference_at(low + j));
        }
        pairs.compute();
        const double* exact = thresholds_.exact(anchor);
        int next = 0;
        for (int j = 0; j < columns; ++j) {
            if (ranks[j] >= 0) continue;
            const double distance = pairs.distance(next++);
            ranks[j] = static_cast<int32_t>(std::upper_bound(exact, exact + positives(anchor), distance) - exact);
        }
    }

    void weigh_positives(int64_t block, int64_t other, View& view) const {
        const int64_t low = other * kBlock, high = low + packed_.anchors().rows(other);
        for (int i = 0; i < packed_.anchors().rows(block); ++i) {
            const int64_t anchor = block * kBlock + i, first = packed_.class_first(anchor);
            float* const weights = view.weights.values + i * kBlock;
            std::fill_n(weights, kBlock, 0.0f);
            const int64_t begin = std::max(low, first), end = std::min(high, packed_.class_last(anchor));
            for (int64_t j = begin; j < end; ++j) {
                if (j != anchor) weights[j - low] = of_positive_[thresholds_.begin(anchor) + j - first];
            }
        }
    }

    // Adds what a task says to the anchors of both its blocks: sign * (the weights of both anchors of a pair) * the
    // derivative of their distance.
    void contribute(int64_t first, int64_t second, Task& task, Turns& turns, float sign) {
        View& other = first == second ? task.of_first : task.of_second;
        if (with_gradient_) {
            kernels_.transpose(other.weights.values, task.coefficients.values);
            combine(first, second, sign, task);
            kernels_.transpose(task.coefficients.values, task.turned.values);
        }
        turns.take(first, second - first, false, [&] {
            if (sign < 0) tally(first, second, task.of_first);
            if (with_gradient_) add_gradient(task.coefficients.values, first, second);
        });
        if (first == second) return;
        turns.take(second, second - first, true, [&] {
            if (sign < 0) tally(second, first, other);
            if (with_gradient_) add_gradient(task.turned.values, second, first);
        });
    }

    void combine(int64_t first, int64_t second, float sign, Task& task) const {
        // The derivative of a squared distance is twice the difference.
        const float factor = p_.distance == kSquaredEuclidean ? 2 * sign : sign;
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

    void tally(int64_t block, int64_t other, const View& view) {
        const int columns = packed_.anchors().rows(other);
        for (int i = 0; i < packed_.anchors().rows(block); ++i) {
            const int64_t anchor = block * kBlock + i;
            Tally& total = tallies_[static_cast<size_t>(anchor)];
            total.pull += view.tallies[i].pull;
            total.weight += view.tallies[i].weight;
            total.distance += view.tallies[i].distance;
            if (view.tallies[i].weight == 0) continue;
            const int count = positives(anchor);
            count_ranks(view.weights.values + i * kBlock, columns, count, of_rank_.get() + thresholds_.begin(anchor));
        }
    }

    // of_rank[count - weight] += 1 for each weight but 0. Counters apart, as the same one again and again would wait
    // for itself.
    static void count_ranks(const float* weights, int columns, int count, int64_t* of_rank) {
        constexpr int kMost = 64, kApart = 4;
        if (count > kMost) {
            for (int j = 0; j < columns; ++j) {
                if (weights[j] != 0) ++of_rank[count - static_cast<int>(weights[j])];
            }
            return;
        }
        int16_t counters[kApart][kMost + 1];
        for (auto& counter : counters) std::fill_n(counter, count + 1, int16_t{0});
        int j = 0;
        for (; j + kApart <= columns; j += kApart) {
            for (int c = 0; c < kApart; ++c) ++counters[c][static_cast<int>(weights[j + c])];
        }
        for (; j < columns; ++j) ++counters[0][static_cast<int>(weights[j])];
        for (int weight = 1; weight <= count; ++weight) {
            for (const auto& counter : counters) of_rank[count - weight] += counter[weight];
        }
    }

    void add_gradient(const float* coefficients, int64_t block, int64_t other) {
        const auto of = [&](const Scratch<float>& rows, int64_t b) { return rows.get() + b * kBlock * stride_; };
        const auto kernel = p_.distance == kManhattan ? kernels_.gradient_of_absolutes : kernels_.gradient_of_squares;
        kernel(coefficients, of(rows_, block), packed_.anchors().rows(block), of(rows_, other),
               packed_.anchors().rows(other), width_, stride_, of(gradient_, block));
    }

    // From negatives per rank to negatives that violate each threshold: those of its rank or a lower one.
    void sum_ranks() {
        for (int64_t a = 0; a < p_.n; ++a) {
            const int64_t begin = thresholds_.begin(a);
            for (int q = 0; q < positives(a); ++q) {
                if (q > 0) of_rank_[begin + q] += of_rank_[begin + q - 1];
                if (!with_gradient_) continue;
                const int64_t positive = thresholds_.position(a)[q] - packed_.class_first(a);
                of_positive_[begin + positive] = static_cast<float>(of_rank_[begin + q]);
            }
        }
    }

    bool add_up(double* loss, int64_t* active) const {
        double sum = 0, weight = 0, distance = 0;
        int64_t pairs = 0;
        for (int64_t a = 0; a < p_.n; ++a) {
            const Tally& tally = tallies_[static_cast<size_t>(a)];
            sum += tally.pull;
            weight += tally.weight;
            distance += tally.distance;
            if (positives(a) > 0) pairs += of_rank_[thresholds_.begin(a) + positives(a) - 1];
            for (int q = 0; q < positives(a); ++q) {
                const int64_t at = thresholds_.begin(a) + q;
                sum += static_cast<double>(of_rank_[at]) * (thresholds_.exact(a)[q] - base_of(a));
            }
        }
        *loss = weight == 0 ? 0 : sum;
        *active = static_cast<int64_t>(weight);
        if (weight == 0) return true;
        // The error of a distance: up to 2e-8 that all of them share, and 1e-6 that averages out. Directions between
        // rows on the sphere are off by 1e-7 over their distance.
        const double share = 2e-3 + 0.1 / std::sqrt(static_cast<double>(pairs));
        return sum >= share * distance && (p_.distance != kCosine || distance >= 1e-3 * weight);
    }

    // Sums in order of rows; for cosine without what lies along the row, which is lost in the normalisation. False
    // where hardly anything remains then, so that rounding would show.
    bool finish(float* out) const {
        std::vector<double> before(static_cast<size_t>(p_.n)), after(before);
        parallel_rows(p_.n, static_cast<double>(p_.n) * static_cast<double>(p_.d), [&](int64_t begin, int64_t end) {
            for (int64_t at = begin; at < end; ++at) {
                const float* sums = gradient_.get() + at * stride_;
                const float* unit = rows_.get() + at * stride_;
                float* const to = out + packed_.anchor_at(at) * p_.d;
                double along = 0, factor = 1;
                if (p_.distance == kCosine) {
                    const double norm = p_.x_norms[packed_.anchor_at(at)];
                    factor = norm == 0 ? 0 : 1 / norm;
                    for (int64_t k = 0; k < p_.d; ++k) along += static_cast<double>(sums[k]) * unit[k];
                }
                double squares = 0;
                for (int64_t k = 0; k < p_.d; ++k) {
                    const double across = (sums[k] - along * unit[k]) * factor;
                    to[k] = static_cast<float>(across);
                    squares += across * across;
                }
                after[static_cast<size_t>(at)] = squares;
                before[static_cast<size_t>(at)] = squares + along * factor * along * factor;
            }
        });
        if (p_.distance != kCosine) return true;
        const double all = std::accumulate(before.begin(), before.end(), 0.0);
        return std::accumulate(after.begin(), after.end(), 0.0) >= kLeastAcross * kLeastAcross * all;
    }

    int positives(int64_t anchor) const {
        return static_cast<int>(packed_.class_last(anchor) - packed_.class_first(anchor)) - 1;
    }

    double base_of(int64_t anchor) const { return thresholds_.exact(anchor)[positives(anchor) - 1]; }

    const PackedProblem& packed_;
    const MiningProblem& p_;
    const BlockKernels& kernels_;
    Thresholds thresholds_;
    int64_t width_, stride_;
    bool with_gradient_;
    Scratch<float> rows_, gradient_;
    Scratch<int64_t> of_rank_;    // at the place of a threshold
    Scratch<float> of_positive_;  // at the place of a positive in its class
    std::vector<Tally> tallies_;
};

// Below this the exact selection takes less than a millisecond.
constexpr int64_t kFewRows = 128;
// Thresholds take 28 bytes each; beyond the size of the rows they would no longer be O(n d).
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
