#pragma once

#include "mining.h"

namespace mien {

// The exact distances, as exact_rows computes them, of one anchor to `count` references.
void exact_pairs(const MiningProblem& problem, int64_t anchor, const int32_t* rows, int count, double* out);

}  // namespace mien
