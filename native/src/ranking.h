#pragma once

#include <algorithm>
#include <vector>

#include "contenders.h"
#include "exact_pairs.h"
#include "packed_problem.h"

namespace mien {

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

}  // namespace mien
