#include "kernels.h"
#include "mining.h"

namespace mien::serial {
namespace {

int32_t nearest_positive(const MiningProblem& p, int32_t anchor, const double* row) {
    int32_t best = -1;
    for_each_positive(p, anchor, [&](int32_t j) {
        if (best < 0 || row[j] < row[best]) best = j;
    });
    return best;
}

// The nearest negative with above < dn < below, or -1.
int32_t nearest_between(const MiningProblem& p, int32_t anchor, const double* row, double above, double below) {
    int32_t best = -1;
    for_each_negative(p, anchor, [&](int32_t j) {
        if (row[j] > above && row[j] < below && (best < 0 || row[j] < row[best])) best = j;
    });
    return best;
}

}  // namespace

void easy_positive_row(const MiningProblem& p, int32_t anchor, const double* row, double margin, int choice,
                       int64_t* positive, int64_t* negative) {
    *positive = *negative = -1;
    if (!is_valid(p, anchor)) return;
    const int32_t nearest = nearest_positive(p, anchor, row);
    const int32_t chosen = choice == kHard ? nearest_negative(p, anchor, row)
                                           : nearest_between(p, anchor, row, row[nearest], row[nearest] + margin);
    if (chosen < 0) return;
    *positive = nearest;
    *negative = chosen;
}

}  // namespace mien::serial
