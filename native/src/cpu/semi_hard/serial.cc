#include "kernels.h"
#include "mining.h"

namespace mien::serial {
namespace {

// The first of `count` ranked negatives that is as far as the farthest: ties go to the lowest row.
int32_t farthest(const Ranked* ranked, int64_t count) {
    return ranked[ranked_below(ranked, count, ranked[count - 1].distance)].row;
}

int32_t choose(const Ranked* ranked, int64_t count, double distance, int64_t anchor, int64_t positive,
               const SemiHardRule& rule) {
    if (rule.semantics == kViolating) {
        const int64_t violating = ranked_below(ranked, count, distance + rule.margin);
        return violating == 0 ? -1 : ranked[rule.random.below(violating, anchor, positive)].row;
    }
    const int64_t beyond = ranked_up_to(ranked, count, distance);
    if (rule.semantics == kTfa) return beyond < count ? ranked[beyond].row : farthest(ranked, count);
    return beyond < count && ranked[beyond].distance < distance + rule.margin ? ranked[beyond].row : -1;
}

}  // namespace

void semi_hard_row(const MiningProblem& p, int32_t anchor, const double* row, const SemiHardRule& rule, Ranked* scratch,
                   int32_t* negatives) {
    const int64_t count = rank_negatives(p, anchor, row, scratch);
    for_each_positive(p, anchor, [&](int32_t positive) {
        *negatives++ = choose(scratch, count, row[positive], anchor, positive, rule);
    });
}

}  // namespace mien::serial
