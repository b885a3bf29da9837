// Mining with a list of triplets as the result, in lexicographic order whatever the number of threads: every anchor
// has its place in the list before its triplets are written.

#include <algorithm>
#include <string>
#include <vector>

#include "anchor_blocks.h"
#include "checks.h"
#include "kernels.h"
#include "mien/mien.h"
#include "owned_problem.h"

namespace mien {
namespace {

// Where each anchor's part of a result begins, (n + 1): size(i) each, one after another.
template <typename Size>
std::vector<int64_t> offsets_of(int64_t n, Size size) {
    std::vector<int64_t> offsets(static_cast<size_t>(n) + 1);
    for (int64_t i = 0; i < n; ++i) offsets[static_cast<size_t>(i) + 1] = offsets[static_cast<size_t>(i)] + size(i);
    return offsets;
}

int64_t pairs_of(const MiningProblem& p, int64_t anchor) { return is_valid(p, anchor) ? positive_count(p, anchor) : 0; }

// The triplets of a result, in memory of the caller.
struct TripletList {
    int64_t capacity;
    int64_t* anchor;
    int64_t* positive;
    int64_t* negative;

    void check_room(int64_t size) const {
        require(size <= capacity,
                std::to_string(size) + " triplets do not fit a capacity of " + std::to_string(capacity));
        check_not_null("anchor", anchor, size);
        check_not_null("positive", positive, size);
        check_not_null("negative", negative, size);
    }

    void set(int64_t at, int64_t a, int64_t p, int64_t n) const {
        anchor[at] = a;
        positive[at] = p;
        negative[at] = n;
    }

    void move(int64_t from, int64_t to, int64_t size) const {
        if (from == to) return;
        for (int64_t* rows : {anchor, positive, negative}) std::copy(rows + from, rows + from + size, rows + to);
    }
};

// Chooses for every pair and hands each valid anchor's negatives (positive_count) to emit(anchor, negatives).
void for_each_semi_hard(const MiningProblem& p, const SemiHardRule& rule, const fast::EmitNegatives& emit) {
    const BlockKernels* blocks = rule.semantics == kViolating ? nullptr : kernels().blocks;
    std::vector<char> open(static_cast<size_t>(p.n), 1);
    if (blocks != nullptr) open = fast::semi_hard(p, rule, *blocks, emit);
    for_each_open_anchor(p, open, [&](int32_t anchor, const double* row, Ranked* scratch) {
        std::vector<int32_t> negatives(static_cast<size_t>(positive_count(p, anchor)));
        serial::semi_hard_row(p, anchor, row, rule, scratch, negatives.data());
        emit(anchor, negatives.data());
    });
}

// Chooses into out, each anchor's triplets from offsets[anchor] on; returns how many each anchor has.
std::vector<int64_t> write_semi_hard(const MiningProblem& p, const SemiHardRule& rule,
                                     const std::vector<int64_t>& offsets, const TripletList& out) {
    std::vector<int64_t> sizes(static_cast<size_t>(p.n));
    for_each_semi_hard(p, rule, [&](int32_t anchor, const int32_t* negative) {
        int64_t at = offsets[static_cast<size_t>(anchor)];
        for_each_positive(p, anchor, [&](int32_t positive) {
            if (*negative >= 0) out.set(at++, anchor, positive, *negative);
            ++negative;
        });
        sizes[static_cast<size_t>(anchor)] = at - offsets[static_cast<size_t>(anchor)];
    });
    return sizes;
}

// How many triplets each anchor has, without writing them.
std::vector<int64_t> count_semi_hard(const MiningProblem& p, const SemiHardRule& rule) {
    std::vector<int64_t> sizes(static_cast<size_t>(p.n));
    for_each_semi_hard(p, rule, [&](int32_t anchor, const int32_t* negatives) {
        const int64_t pairs = positive_count(p, anchor);
        sizes[static_cast<size_t>(anchor)] =
            std::count_if(negatives, negatives + pairs, [](int32_t row) { return row >= 0; });
    });
    return sizes;
}

}  // namespace

int64_t semi_hard(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels, int64_t m,
                  const int64_t* self, int64_t d, int distance, double margin, int semantics, int64_t seed,
                  int64_t step, int64_t capacity, int64_t* anchor, int64_t* positive, int64_t* negative) {
    check_margin(margin);
    require(semantics >= kFacenet && semantics <= kViolating, "unknown semantics code " + std::to_string(semantics));
    const OwnedProblem problem({x, labels, n, y, y_labels, m, self, d, distance});
    const SemiHardRule rule{margin, semantics, {seed, step}};
    const TripletList out{capacity, anchor, positive, negative};
    const std::vector<int64_t> pairs = offsets_of(n, [&](int64_t i) { return pairs_of(*problem, i); });
    if (pairs.back() <= capacity) {
        // Room for every pair: choose once, each anchor at its pairs' place, then close the gaps.
        out.check_room(pairs.back());
        const std::vector<int64_t> sizes = write_semi_hard(*problem, rule, pairs, out);
        int64_t end = 0;
        for (size_t i = 0; i < sizes.size(); end += sizes[i++]) out.move(pairs[i], end, sizes[i]);
        return end;
    }
    const std::vector<int64_t> counted = count_semi_hard(*problem, rule);
    const std::vector<int64_t> offsets = offsets_of(n, [&](int64_t i) { return counted[static_cast<size_t>(i)]; });
    out.check_room(offsets.back());
    write_semi_hard(*problem, rule, offsets, out);
    return offsets.back();
}

int64_t batch_all(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels, int64_t m,
                  const int64_t* self, int64_t d, int distance, double margin, int64_t cap, int64_t seed, int64_t step,
                  int64_t capacity, int64_t* anchor, int64_t* positive, int64_t* negative) {
    check_margin(margin);
    require(cap >= 1, "the cap per anchor must be 1 or more, not " + std::to_string(cap));
    const OwnedProblem problem({x, labels, n, y, y_labels, m, self, d, distance});
    std::vector<int64_t> counts(static_cast<size_t>(n));
    for_each_valid_anchor(*problem, [&](int32_t i, const double* row, Ranked*) {
        counts[static_cast<size_t>(i)] = serial::batch_all_count(*problem, i, row, margin);
    });
    const auto offsets = offsets_of(n, [&](int64_t i) { return std::min(cap, counts[static_cast<size_t>(i)]); });
    const TripletList out{capacity, anchor, positive, negative};
    out.check_room(offsets.back());
    const BatchAllRule rule{margin, cap, {seed, step}};
    for_each_valid_anchor(*problem, [&](int32_t i, const double* row, Ranked* scratch) {
        const size_t at = static_cast<size_t>(i);
        const int64_t begin = offsets[at];
        std::fill(anchor + begin, anchor + offsets[at + 1], i);
        serial::batch_all_row(*problem, i, row, rule, counts[at], scratch, positive + begin, negative + begin);
    });
    return offsets.back();
}

int64_t distance_weighted(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels,
                          int64_t m, const int64_t* self, int64_t d, int64_t seed, int64_t step, int64_t capacity,
                          int64_t* anchor, int64_t* positive, int64_t* negative) {
    const OwnedProblem problem({x, labels, n, y, y_labels, m, self, d, kCosine});
    const CounterRandom random{seed, step};
    const TripletList out{capacity, anchor, positive, negative};
    const std::vector<int64_t> offsets = offsets_of(n, [&](int64_t i) { return pairs_of(*problem, i); });
    out.check_room(offsets.back());
    for_each_valid_anchor(*problem, [&](int32_t i, const double* row, Ranked* scratch) {
        std::vector<int32_t> negatives(static_cast<size_t>(positive_count(*problem, i)));
        serial::distance_weighted_row(*problem, i, row, random, scratch, negatives.data());
        const int32_t* chosen = negatives.data();
        int64_t at = offsets[static_cast<size_t>(i)];
        for_each_positive(*problem, i, [&](int32_t row_of_positive) { out.set(at++, i, row_of_positive, *chosen++); });
    });
    return offsets.back();
}

}  // namespace mien
