#include "simd/avx512.h"

#include "cpu/exact_pairs/pairs.h"

namespace mien::avx512 {

void exact_pairs(const MiningProblem& p, const int32_t* anchors, const int32_t* rows, int count, double* out) {
    exact_pairs_of(p, anchors, rows, count, out);
}

}  // namespace mien::avx512
