#include <algorithm>

#include "kernels.h"
#include "mining.h"

namespace mien::serial {

int32_t farthest_positive(const MiningProblem& p, int32_t anchor, const double* row) {
    int32_t best = -1;
    for_each_positive(p, anchor, [&](int32_t j) {
        if (best < 0 || row[j] > row[best]) best = j;
    });
    return best;
}

int32_t nearest_negative(const MiningProblem& p, int32_t anchor, const double* row) {
    int32_t best = -1;
    for_each_negative(p, anchor, [&](int32_t j) {
        if (best < 0 || row[j] < row[best]) best = j;
    });
    return best;
}

void batch_hard_row(const MiningProblem& p, int32_t anchor, const double* row, const BatchHardOutputs& out,
                    Ranked* scratch) {
    out.clear(anchor);
    if (!is_valid(p, anchor)) return;

    const int32_t positive = farthest_positive(p, anchor, row);
    out.set_positive(anchor, {row[positive], positive});
    if (out.rank_high == 1) {
        const int32_t negative = nearest_negative(p, anchor, row);
        out.set_negative(anchor, 0, {row[negative], negative});
        return;
    }
    const int64_t count = list_negatives(p, anchor, row, scratch);
    const int64_t end = std::min(count, out.rank_high);
    std::partial_sort(scratch, scratch + end, scratch + count);
    for (int64_t rank = out.rank_low; rank <= end; ++rank) {
        out.set_negative(anchor, rank - out.rank_low, scratch[rank - 1]);
    }
}

}  // namespace mien::serial
