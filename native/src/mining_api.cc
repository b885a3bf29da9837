// Mining with a result per anchor: arguments, the parallel loop, and where results go. What is chosen is in cpu/.

#include <algorithm>
#include <atomic>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "anchor_blocks.h"
#include "checks.h"
#include "exact_pairs.h"
#include "kernels.h"
#include "mien/mien.h"
#include "mining_statistics.h"
#include "owned_problem.h"
#include "parallel.h"
#include "scratch.h"

namespace mien {

int64_t positive_pairs(const int64_t* labels, int64_t n, const int64_t* y_labels, int64_t m, const int64_t* self) {
    const OwnedProblem problem(labels, n, y_labels, m, self);
    int64_t pairs = 0;
    for (int64_t i = 0; i < n; ++i) {
        if (is_valid(*problem, i)) pairs += positive_count(*problem, i);
    }
    return pairs;
}

void batch_hard(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels, int64_t m,
                const int64_t* self, int64_t d, int distance, int64_t rank_low, int64_t rank_high, int64_t* positive,
                int64_t* negative, float* positive_distance, float* negative_distance) {
    require(rank_low >= 1 && rank_high >= rank_low, "the rank window must satisfy 1 <= low <= high, not " +
                                                        std::to_string(rank_low) + ":" + std::to_string(rank_high));
    const OwnedProblem problem({x, labels, n, y, y_labels, m, self, d, distance});
    const BatchHardOutputs out{rank_low, rank_high, positive, negative, positive_distance, negative_distance};
    require(
        n == 0 || out.window() <= std::numeric_limits<int64_t>::max() / 8 / n,
        "a window of " + std::to_string(out.window()) + " ranks is too large for " + std::to_string(n) + " anchors");
    check_not_null("positive", positive, n);
    check_not_null("negative", negative, n);
    for (int64_t i = 0; i < n; ++i) {
        if (!is_valid(*problem, i)) out.clear(i);
    }
    const BlockKernels* blocks = rank_high <= fast::kMostRanks ? kernels().blocks : nullptr;
    std::vector<char> open(static_cast<size_t>(n), 1);
    if (blocks != nullptr) open = fast::batch_hard(*problem, out, *blocks);
    for_each_open_anchor(*problem, open, [&](int32_t anchor, const double* row, Ranked* scratch) {
        serial::batch_hard_row(*problem, anchor, row, out, scratch);
    });
}

void easy_positive(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels, int64_t m,
                   const int64_t* self, int64_t d, int distance, double margin, int choice, int64_t* positive,
                   int64_t* negative) {
    check_margin(margin);
    require(choice == kHard || choice == kSemiHard, "unknown negative choice code " + std::to_string(choice));
    const OwnedProblem problem({x, labels, n, y, y_labels, m, self, d, distance});
    check_not_null("positive", positive, n);
    check_not_null("negative", negative, n);
    std::fill(positive, positive + n, -1);
    std::fill(negative, negative + n, -1);
    const BlockKernels* blocks = kernels().blocks;
    std::vector<char> open(static_cast<size_t>(n), 1);
    if (blocks != nullptr) open = fast::easy_positive(*problem, margin, choice, *blocks, positive, negative);
    for_each_open_anchor(*problem, open, [&](int32_t anchor, const double* row, Ranked*) {
        serial::easy_positive_row(*problem, anchor, row, margin, choice, positive + anchor, negative + anchor);
    });
}

void random_triplets(const int64_t* labels, int64_t n, const int64_t* y_labels, int64_t m, const int64_t* self,
                     int64_t seed, int64_t step, int64_t* positive, int64_t* negative) {
    const OwnedProblem problem(labels, n, y_labels, m, self);
    check_not_null("positive", positive, n);
    check_not_null("negative", negative, n);
    const CounterRandom random{seed, step};
    constexpr double kDrawWork = 200;
    parallel_rows(n, kDrawWork * static_cast<double>(n), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            serial::random_triplet(*problem, static_cast<int32_t>(i), random, positive + i, negative + i);
        }
    });
}

void batch_all_counts(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels,
                      int64_t m, const int64_t* self, int64_t d, int distance, double margin, int64_t* counts) {
    check_margin(margin);
    const OwnedProblem problem({x, labels, n, y, y_labels, m, self, d, distance});
    check_not_null("counts", counts, n);
    std::fill(counts, counts + n, 0);
    for_each_valid_anchor(*problem, [&](int32_t anchor, const double* row, Ranked*) {
        counts[anchor] = serial::batch_all_count(*problem, anchor, row, margin);
    });
}

namespace {

// Triplets that a caller hands in, (count) each.
struct GivenTriplets {
    const int64_t *anchor, *positive, *negative;
    int64_t count;

    void check(const MiningProblem& p) const {
        for (int64_t i = 0; i < count; ++i) {
            check_row(i, "anchor", anchor[i], "embeddings", p.n);
            check_row(i, "positive", positive[i], "references", p.m);
            check_row(i, "negative", negative[i], "references", p.m);
        }
    }

    // One beyond the last triplet from `begin` on with the same anchor.
    int64_t end_of_anchor(int64_t begin, int64_t end) const {
        int64_t at = begin;
        while (at < end && anchor[at] == anchor[begin]) ++at;
        return at;
    }

private:
    static void check_row(int64_t i, const char* role, int64_t row, const char* rows, int64_t size) {
        if (row >= 0 && row < size) return;
        require(false, "the " + std::string(role) + " of triplet " + std::to_string(i) + " is " + std::to_string(row) +
                           ", which is no row of the " + std::to_string(size) + " " + rows);
    }
};

// Of the triplets begin..end-1, which have one anchor. Many see all its distances, few their own.
int64_t count_active(const MiningProblem& p, const GivenTriplets& given, int64_t begin, int64_t end, double margin) {
    const int32_t anchor = static_cast<int32_t>(given.anchor[begin]);
    int64_t active = 0;
    if (end - begin > p.m / 4) {
        const Scratch<double> row(p.m);
        kernels().exact_rows(p, &anchor, 1, row.get());
        for (int64_t i = begin; i < end; ++i) active += row[given.negative[i]] < row[given.positive[i]] + margin;
        return active;
    }
    ExactPairs pairs(p);
    for (int64_t i = begin; i < end; ++i) {
        pairs.add(anchor, static_cast<int32_t>(given.positive[i]));
        pairs.add(anchor, static_cast<int32_t>(given.negative[i]));
    }
    pairs.compute();
    for (int i = 0; i < pairs.size(); i += 2) active += pairs.distance(i + 1) < pairs.distance(i) + margin;
    return active;
}

}  // namespace

int64_t active_triplets(const float* x, int64_t n, const float* y, int64_t m, int64_t d, int distance, double margin,
                        const int64_t* anchor, const int64_t* positive, const int64_t* negative, int64_t t) {
    check_margin(margin);
    const OwnedProblem problem(x, n, y, m, d, distance);
    require(t >= 0, "a negative number of triplets: " + std::to_string(t));
    check_not_null("anchor", anchor, t);
    check_not_null("positive", positive, t);
    check_not_null("negative", negative, t);
    const GivenTriplets given{anchor, positive, negative, t};
    given.check(*problem);
    std::atomic<int64_t> active{0};
    parallel_rows(t, 2 * static_cast<double>(t) * static_cast<double>(d), [&](int64_t begin, int64_t end) {
        int64_t here = 0;
        while (begin < end) {
            const int64_t next = given.end_of_anchor(begin, end);
            here += count_active(*problem, given, begin, next, margin);
            begin = next;
        }
        active += here;
    });
    return active;
}

void mining_statistics(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels,
                       int64_t m, const int64_t* self, int64_t d, int distance, double margin, int64_t* counts,
                       double* figures) {
    check_margin(margin);
    const OwnedProblem problem({x, labels, n, y, y_labels, m, self, d, distance});
    check_not_null("counts", counts, 5);
    check_not_null("figures", figures, 12);
    std::vector<PairCounts> blocks(static_cast<size_t>(block_count(*problem)));
    const int64_t stride = sampling_stride(*problem);
    for_each_block(
        *problem, [](int64_t) { return true; },
        [&](const AnchorBlock& block) {
            PairCounts& part = blocks[static_cast<size_t>(block.number)];
            for (int i = 0; i < block.count; ++i) {
                serial::add_pairs(*problem, block.anchors[i], block.rows + i * problem->m, margin, stride, part);
            }
        });
    PairCounts all;
    for (const PairCounts& part : blocks) {
        all.valid += part.valid;
        all.easy += part.easy;
        all.semi_hard += part.semi_hard;
        all.hard += part.hard;
        all.sum += part.sum;
        all.same.insert(all.same.end(), part.same.begin(), part.same.end());
        all.different.insert(all.different.end(), part.different.begin(), part.different.end());
    }
    const int64_t numbers[] = {all.valid, all.easy, all.semi_hard, all.hard, duplicate_rows(*problem)};
    std::copy(std::begin(numbers), std::end(numbers), counts);
    const double pairs = pair_count(*problem);
    figures[0] = pairs == 0 ? 0 : all.sum / pairs;
    figures[1] = mean_from_origin(*problem);
    percentiles(all.same, figures + 2);
    percentiles(all.different, figures + 7);
}

}  // namespace mien
