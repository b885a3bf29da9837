// Semi-hard negatives over strips of fast sums.

#include "fast/strip_selection.h"
#include "kernels.h"

namespace mien::fast {

std::vector<char> semi_hard(const MiningProblem& p, const SemiHardRule& rule, const BlockKernels& kernels,
                            const EmitNegatives& emit) {
    const PackedProblem packed(p, kernels);
    std::vector<char> open(static_cast<size_t>(p.n));
    for_each_selection(packed, rule.margin, rule.semantics, [&](StripSelection& selection, int32_t anchor) {
        std::vector<int32_t> negatives;
        if (selection.semi_hard(negatives)) {
            emit(anchor, negatives.data());
        } else {
            open[static_cast<size_t>(anchor)] = 1;
        }
    });
    return open;
}

}  // namespace mien::fast
