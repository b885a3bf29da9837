// Batch-hard over blocks of fast sums; exact distances decide among what the sums cannot tell apart.

#include <algorithm>
#include <vector>

#include "fast/block_search.h"
#include "fast/passes.h"
#include "fast/ranking.h"
#include "kernels.h"
#include "parallel.h"

namespace mien::fast {
namespace {

// The next two rankings are those of the anchor's positives and negatives.
void write(const MiningProblem& p, int32_t anchor, Ranking& ranking, size_t* next, const BatchHardOutputs& out) {
    out.clear(anchor);
    out.set_positive(anchor, ranking.ranked((*next)++)[0]);
    const std::vector<Ranked>& negatives = ranking.ranked((*next)++);
    const int64_t last = std::min(negative_count(p, anchor), out.rank_high);
    for (int64_t rank = out.rank_low; rank <= last; ++rank) {
        out.set_negative(anchor, rank - out.rank_low, negatives[static_cast<size_t>(rank - 1)]);
    }
}

std::vector<char> mine(const PackedProblem& packed, const BatchHardOutputs& out) {
    const MiningProblem& p = packed.problem();
    Contenders positives(p.n, 1, false, packed.bounds(), packed.near_ties());
    Contenders negatives(p.n, out.rank_high, true, packed.bounds(), packed.near_ties());
    search_blocks(packed, positives, negatives);

    std::vector<char> open(static_cast<size_t>(p.n));
    // Single contenders cost little unless their distances are wanted.
    const bool with_distances = out.positive_distance != nullptr || out.negative_distance != nullptr;
    const auto write_single = [&](int64_t a) {
        const Contender *positive, *negative;
        if (with_distances || out.rank_high > 1 || positives.finish(a, &positive) != 1) return false;
        if (negatives.finish(a, &negative) != 1) return false;
        out.set_positive(packed.anchor_at(a), {0, packed.reference_at(positive->position)});
        out.set_negative(packed.anchor_at(a), 0, {0, packed.reference_at(negative->position)});
        return true;
    };
    const double work = static_cast<double>(p.n) * (with_distances ? 2 * static_cast<double>(p.d) : 32);
    parallel_rows((p.n + kRankedTogether - 1) / kRankedTogether, work, [&](int64_t begin, int64_t end) {
        Ranking ranking(packed);
        for (int64_t group = begin; group < end; ++group) {
            const int64_t first = group * kRankedTogether, last = std::min(p.n, first + kRankedTogether);
            int64_t ranked[kRankedTogether];
            int count = 0;
            ranking.clear();
            for (int64_t a = first; a < last; ++a) {
                if (!is_valid(p, packed.anchor_at(a))) continue;
                if (!positives.resolved(a) || !negatives.resolved(a)) {
                    open[static_cast<size_t>(packed.anchor_at(a))] = 1;
                } else if (!write_single(a)) {
                    ranking.add(positives, a, out.positive_distance != nullptr);
                    ranking.add(negatives, a, out.negative_distance != nullptr);
                    ranked[count++] = a;
                }
            }
            ranking.compute();
            size_t next = 0;
            for (int i = 0; i < count; ++i) write(p, packed.anchor_at(ranked[i]), ranking, &next, out);
        }
    });
    return open;
}

}  // namespace

std::vector<char> batch_hard(const MiningProblem& p, const BatchHardOutputs& out, const BlockKernels& kernels) {
    return mine_in_passes(p, kernels, [&](const PackedProblem& packed) { return mine(packed, out); });
}

}  // namespace mien::fast
