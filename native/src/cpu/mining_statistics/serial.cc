#include <algorithm>
#include <cmath>
#include <limits>

#include "counter_random.h"
#include "mining_statistics.h"
#include "sorted_limits.h"

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

void count_triplets(const MiningProblem& p, int32_t anchor, const double* row, double margin, PairCounts& counts) {
    SortedLimits hard, active;
    for_each_positive(p, anchor, [&](int32_t j) {
        // dn <= dp is dn < the number after dp; dn = dp at margin 0 is hard, not easy, so that the counts add up.
        const double beyond = std::nextafter(row[j], std::numeric_limits<double>::infinity());
        hard.add(beyond);
        active.add(std::max(beyond, row[j] + margin));
    });
    const int64_t of_hard = hard.count_below(p, anchor, row), of_active = active.count_below(p, anchor, row);
    counts.hard += of_hard;
    counts.semi_hard += of_active - of_hard;
    counts.easy += positive_count(p, anchor) * negative_count(p, anchor) - of_active;
}

}  // namespace

void add_pairs(const MiningProblem& p, int32_t anchor, const double* row, double margin, int64_t stride,
               PairCounts& counts) {
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
    count_triplets(p, anchor, row, margin, counts);
}

}  // namespace mien::serial
