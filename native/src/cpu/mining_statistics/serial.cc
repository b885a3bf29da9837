#include <algorithm>

#include "counter_random.h"
#include "mining_statistics.h"

namespace mien::serial {
namespace {

// A hash, as every so many-th pair would see one class only where labels alternate. Where rows are compared with
// themselves, each pair is seen from its lower row.
bool is_sampled(const MiningProblem& p, int64_t row, int64_t other, int64_t stride) {
    if (p.symmetric && other <= row) return false;
    if (stride == 1) return true;
    const uint64_t hash = static_cast<uint64_t>(row * p.m + other) * kGolden;
    return (hash >> 33) % static_cast<uint64_t>(stride) == 0;
}

void count_triplets(const MiningProblem& p, int32_t anchor, const double* row, double margin, Ranked* scratch,
                    PairCounts& counts) {
    const int64_t negatives = rank_negatives(p, anchor, row, scratch);
    for_each_positive(p, anchor, [&](int32_t j) {
        const int64_t up_to = ranked_up_to(scratch, negatives, row[j]);
        // dn = dp at margin 0 is hard, not easy, so that the three counts add up.
        const int64_t active = std::max(up_to, ranked_below(scratch, negatives, row[j] + margin));
        counts.hard += up_to;
        counts.semi_hard += active - up_to;
        counts.easy += negatives - active;
    });
}

}  // namespace

void add_pairs(const MiningProblem& p, int32_t anchor, const double* row, double margin, int64_t stride,
               Ranked* scratch, PairCounts& counts) {
    for_each_positive(p, anchor, [&](int32_t j) {
        counts.sum += row[j];
        if (is_sampled(p, anchor, j, stride)) counts.same.push_back(row[j]);
    });
    for_each_negative(p, anchor, [&](int32_t j) {
        counts.sum += row[j];
        if (is_sampled(p, anchor, j, stride)) counts.different.push_back(row[j]);
    });
    if (!is_valid(p, anchor)) return;
    ++counts.valid;
    count_triplets(p, anchor, row, margin, scratch, counts);
}

}  // namespace mien::serial
