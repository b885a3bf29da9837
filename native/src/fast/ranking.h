#pragma once

#include <algorithm>
#include <vector>

#include "exact_pairs.h"
#include "fast/contenders.h"
#include "fast/packed_problem.h"

namespace mien {

// Ranks the contenders of several anchors at once, by exact distances where those are needed.
class Ranking {
public:
    explicit Ranking(const PackedProblem& packed) : packed_(packed), pairs_(packed.problem()) {}

    void clear() {
        requests_.clear();
        pairs_.clear();
    }

    // A single contender is known without its distance, which is left out unless wanted.
    void add(Contenders& contenders, int64_t position, bool with_distances) {
        const Contender* found;
        const int count = contenders.finish(position, &found);
        const bool in_pairs = count > 1 || with_distances;
        requests_.push_back(
            {pairs_.size(), count, contenders.nearest(), in_pairs, packed_.reference_at(found->position)});
        for (int i = 0; in_pairs && i < count; ++i)
            pairs_.add(packed_.anchor_at(position), packed_.reference_at(found[i].position));
    }

    void compute() { pairs_.compute(); }

    // The contenders of the i-th addition, nearest (farthest) first; ties go to the lowest row.
    const std::vector<Ranked>& ranked(size_t i) {
        const Request& request = requests_[i];
        ranked_.clear();
        if (!request.in_pairs) {
            ranked_.push_back({0, request.first});
            return ranked_;
        }
        for (int j = 0; j < request.count; ++j) ranked_.push_back(pairs_.ranked(request.begin + j));
        std::sort(ranked_.begin(), ranked_.end(), [&](const Ranked& a, const Ranked& b) {
            if (a.distance != b.distance) return request.nearest == (a.distance < b.distance);
            return a.row < b.row;
        });
        return ranked_;
    }

private:
    struct Request {
        int begin, count;
        bool nearest, in_pairs;
        int32_t first;
    };

    const PackedProblem& packed_;
    ExactPairs pairs_;
    std::vector<Request> requests_;
    std::vector<Ranked> ranked_;
};

// Anchors whose contenders are ranked together.
constexpr int64_t kRankedTogether = 32;

}  // namespace mien
