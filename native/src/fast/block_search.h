#pragma once

// The sweep over all blocks of fast sums that finds, for each anchor, its contenders among positives and negatives.

#include "fast/contenders.h"
#include "fast/packed_problem.h"

namespace mien {

// Offers every positive to `positives` and every negative to `negatives`, by positions of anchors and references.
void search_blocks(const PackedProblem& packed, Contenders& positives, Contenders& negatives);

}  // namespace mien
