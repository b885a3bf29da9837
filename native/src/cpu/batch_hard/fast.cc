// Batch-hard over blocks of fast sums; exact distances decide among what the sums cannot tell apart.

#include <algorithm>
#include <vector>

#include "block_search.h"
#include "kernels.h"
#include "parallel.h"
#include "ranking.h"

namespace mien::fast {
std::vector<char> batch_hard(const MiningProblem& p, const BatchHardOutputs& out, const BlockKernels& kernels) {
    const PackedProblem packed(p, kernels);
    Contenders positives(p.n, 1, false, packed.bounds()), negatives(p.n, out.rank_high, true, packed.bounds());
    search_blocks(packed, positives, negatives);

    std::vector<char> open(static_cast<size_t>(p.n));
    const double work = 2 * static_cast<double>(p.n) * static_cast<double>(p.d);
    parallel_rows(p.n, work, [&](int64_t begin, int64_t end) {
        Ranking ranking(Contenders::capacity_for(out.rank_high));
        for (int64_t a = begin; a < end; ++a) {
            const int32_t anchor = packed.anchor_at(a);
            if (!is_valid(p, anchor)) continue;
            if (!positives.resolved(a) || !negatives.resolved(a)) {
                open[static_cast<size_t>(anchor)] = 1;
                continue;
            }
            out.clear(anchor);
            out.set_positive(anchor, *ranking.rank(packed, positives, a, out.positive_distance != nullptr));
            const Ranked* ranked = ranking.rank(packed, negatives, a, out.negative_distance != nullptr);
            const int64_t last = std::min(negative_count(p, anchor), out.rank_high);
            for (int64_t rank = out.rank_low; rank <= last; ++rank) {
                out.set_negative(anchor, rank - out.rank_low, ranked[rank - 1]);
            }
        }
    });
    return open;
}

}  // namespace mien::fast
