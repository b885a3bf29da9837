#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "fast/packed_problem.h"

namespace mien {

// Fewer pairs than these take longer rounded: n = 1,024 gains 4 to 15 % (d = 128, 512), n = 512 nothing, n = 256 loses
// a third. Tests round fewer.
inline int64_t fewest_rounded_pairs = int64_t{1} << 20;

// Whether rows can be rounded to bfloat16, and are enough for that to pay.
inline bool worth_rounding(const MiningProblem& p, const BlockKernels& kernels) {
    return p.n * p.m >= fewest_rounded_pairs && PackedProblem::can_round(p, kernels);
}

// The problem on rounded rows, which must be worth it; null where these do not tell pairs apart well enough.
inline std::unique_ptr<PackedProblem> rounded_problem(const MiningProblem& p, const BlockKernels& kernels) {
    std::unique_ptr<PackedProblem> rounded(new PackedProblem(p, kernels, kSearchChunk, true));
    if (!rounded->sharp()) rounded.reset();
    return rounded;
}

// mine(packed) returns the anchors that fast sums left open, one char each. It is tried on rounded rows, in half the
// time; on float32 where there are none, or they leave many open.
template <typename Mine>
std::vector<char> mine_in_passes(const MiningProblem& p, const BlockKernels& kernels, Mine mine) {
    constexpr int64_t kMostOpen = 512;  // one of so many anchors: each takes d m steps of float64
    const auto rounded = worth_rounding(p, kernels) ? rounded_problem(p, kernels) : nullptr;
    if (rounded != nullptr) {
        std::vector<char> open = mine(*rounded);
        if (kMostOpen * std::count(open.begin(), open.end(), 1) <= p.n) return open;
    }
    return mine(PackedProblem(p, kernels, kSearchChunk));
}

}  // namespace mien
