// Batch-hard over blocks of fast sums; exact distances decide among what the sums cannot tell apart.

#include <algorithm>
#include <vector>

#include "block_search.h"
#include "exact_pairs.h"
#include "kernels.h"
#include "parallel.h"

namespace mien::fast {
namespace {

// The anchor's contenders with their exact distances, nearest (farthest) first; ties go to the lowest row.
class Ranking {
public:
    explicit Ranking(int capacity)
        : rows_(static_cast<size_t>(capacity)), distances_(rows_.size()), ranked_(rows_.size()) {}

    // A single contender is known without its distance, which is left out unless wanted.
    const Ranked* rank(const PackedProblem& packed, Contenders& contenders, int64_t position, bool with_distances) {
        const Contender* found;
        const int count = contenders.finish(position, &found);
        for (int i = 0; i < count; ++i) rows_[static_cast<size_t>(i)] = packed.reference_at(found[i].position);
        if (count > 1 || with_distances) {
            exact_pairs(packed.problem(), packed.anchor_at(position), rows_.data(), count, distances_.data());
        }
        for (size_t i = 0; i < static_cast<size_t>(count); ++i) ranked_[i] = {distances_[i], rows_[i]};
        const bool nearest = contenders.nearest();
        std::sort(ranked_.begin(), ranked_.begin() + count, [nearest](const Ranked& a, const Ranked& b) {
            if (a.distance != b.distance) return nearest == (a.distance < b.distance);
            return a.row < b.row;
        });
        return ranked_.data();
    }

private:
    std::vector<int32_t> rows_;
    std::vector<double> distances_;
    std::vector<Ranked> ranked_;
};

}  // namespace

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
