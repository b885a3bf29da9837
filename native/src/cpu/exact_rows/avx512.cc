#include "cpu/exact_rows/rows.h"

namespace mien::avx512 {

void exact_rows(const MiningProblem& p, const int32_t* anchors, int count, double* out) {
    exact_rows_of(p, anchors, count, out);
}

}  // namespace mien::avx512
