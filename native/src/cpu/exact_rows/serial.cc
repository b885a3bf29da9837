#include "cpu/exact_rows/rows.h"
#include "kernels.h"

namespace mien::serial {

void exact_rows(const MiningProblem& p, const int32_t* anchors, int count, double* out) {
    exact_rows_of(p, anchors, count, out);
}

}  // namespace mien::serial
