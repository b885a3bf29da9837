#pragma once

#include <algorithm>
#include <vector>

#include "fast/packed_problem.h"

namespace mien {

// Fewer pairs than these take longer rounded: n = 1,024 gains 4 to 15 % (d = 128, 512), n = 512 nothing, n = 256 loses
// a third. Tests round fewer.
inline int64_t fewest_rounded_pairs = int64_t{1} << 20;

// mine(packed) returns the anchors that fast sums left open, one char each. It is tried on rows rounded to bfloat16, in
// half the time, where these tell pairs apart well enough; on float32 where they cannot, or leave many open.
template <typename Mine>
std::vector<char> mine_in_passes(const MiningProblem& p, const BlockKernels& kernels, Mine mine) {
    constexpr int64_t kMostOpen = 512;  // one of so many anchors: each takes d m steps of float64
    if (p.n * p.m >= fewest_rounded_pairs && PackedProblem::can_round(p, kernels)) {
        const PackedProblem rounded(p, kernels, kSearchChunk, true);
        if (rounded.sharp()) {
            std::vector<char> open = mine(rounded);
            if (kMostOpen * std::count(open.begin(), open.end(), 1) <= p.n) return open;
        }
    }
    return mine(PackedProblem(p, kernels, kSearchChunk));
}

}  // namespace mien
