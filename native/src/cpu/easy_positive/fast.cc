// Easy positives: with hard negatives over blocks, as batch-hard; with semi-hard ones over strips of fast sums.

#include "fast/block_search.h"
#include "fast/passes.h"
#include "fast/ranking.h"
#include "fast/strip_selection.h"
#include "kernels.h"
#include "parallel.h"

namespace mien::fast {
namespace {

std::vector<char> with_hard(const PackedProblem& packed, int64_t* positive, int64_t* negative) {
    const MiningProblem& p = packed.problem();
    std::vector<char> open(static_cast<size_t>(p.n));
    Contenders positives(p.n, 1, true, packed.bounds(), packed.near_ties());
    Contenders negatives(p.n, 1, true, packed.bounds(), packed.near_ties());
    search_blocks(packed, positives, negatives);
    const double work = 32 * static_cast<double>(p.n);
    parallel_rows(p.n, work, [&](int64_t begin, int64_t end) {
        Ranking ranking(packed);
        for (int64_t a = begin; a < end; ++a) {
            const int32_t anchor = packed.anchor_at(a);
            if (!is_valid(p, anchor)) continue;
            if (!positives.resolved(a) || !negatives.resolved(a)) {
                open[static_cast<size_t>(anchor)] = 1;
                continue;
            }
            ranking.clear();
            ranking.add(positives, a, false);
            ranking.add(negatives, a, false);
            ranking.compute();
            positive[anchor] = ranking.ranked(0)[0].row;
            negative[anchor] = ranking.ranked(1)[0].row;
        }
    });
    return open;
}

std::vector<char> with_semi_hard(const PackedProblem& packed, double margin, int64_t* positive, int64_t* negative) {
    std::vector<char> open(static_cast<size_t>(packed.problem().n));
    for_each_selection(packed, margin, kFacenet, [&](StripSelection& selection, int32_t anchor) {
        int32_t easy, chosen;
        if (!selection.easy_positive(&easy, &chosen)) {
            open[static_cast<size_t>(anchor)] = 1;
        } else if (chosen >= 0) {
            positive[anchor] = easy;
            negative[anchor] = chosen;
        }
    });
    return open;
}

}  // namespace

std::vector<char> easy_positive(const MiningProblem& p, double margin, int choice, const BlockKernels& kernels,
                                int64_t* positive, int64_t* negative) {
    if (choice == kHard) {
        return mine_in_passes(p, kernels,
                              [&](const PackedProblem& packed) { return with_hard(packed, positive, negative); });
    }
    return with_semi_hard(PackedProblem(p, kernels), margin, positive, negative);
}

}  // namespace mien::fast
