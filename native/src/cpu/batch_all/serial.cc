#include <algorithm>

#include "kernels.h"
#include "mining.h"
#include "sorted_limits.h"

namespace mien::serial {
namespace {

// Each triplet once; (positive, row of the negative) in order.
void write_all(const MiningProblem& p, int32_t anchor, const double* row, double margin, int64_t* positive,
               int64_t* negative) {
    for_each_positive(p, anchor, [&](int32_t i) {
        const double limit = row[i] + margin;
        for_each_negative(p, anchor, [&](int32_t j) {
            if (!(row[j] < limit)) return;
            *positive++ = i;
            *negative++ = j;
        });
    });
}

// The i-th of c samples from t triplets is number floor((i t + offset) / c): distinct, since t > c.
void write_sample(const MiningProblem& p, int32_t anchor, const double* row, const BatchAllRule& rule, int64_t total,
                  Ranked* scratch, int64_t* positive, int64_t* negative) {
    const int64_t count = rank_negatives(p, anchor, row, scratch);
    const int64_t offset = static_cast<int64_t>(rule.random.unit(anchor, -1) * static_cast<double>(total));
    // 128 bits: the product of a large cap and a large total leaves 64.
    const auto number = [&](int64_t i) {
        return static_cast<int64_t>((static_cast<__int128>(i) * total + offset) / rule.cap);
    };
    int64_t taken = 0, first = 0;
    for_each_positive(p, anchor, [&](int32_t i) {
        const int64_t last = first + ranked_below(scratch, count, row[i] + rule.margin);
        const int64_t begin = taken;
        for (; taken < rule.cap && number(taken) < last; ++taken) {
            positive[taken] = i;
            negative[taken] = scratch[number(taken) - first].row;
        }
        std::sort(negative + begin, negative + taken);
        first = last;
    });
}

}  // namespace

int64_t batch_all_count(const MiningProblem& p, int32_t anchor, const double* row, double margin) {
    SortedLimits limits;
    for_each_positive(p, anchor, [&](int32_t i) { limits.add(row[i] + margin); });
    return limits.count_below(p, anchor, row);
}

void batch_all_row(const MiningProblem& p, int32_t anchor, const double* row, const BatchAllRule& rule, int64_t total,
                   Ranked* scratch, int64_t* positive, int64_t* negative) {
    if (total > rule.cap) {
        write_sample(p, anchor, row, rule, total, scratch, positive, negative);
    } else if (total > 0) {
        write_all(p, anchor, row, rule.margin, positive, negative);
    }
}

}  // namespace mien::serial
