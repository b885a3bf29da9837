// A negative for each pair of an anchor and a positive.

#include "cuda/exact_rows.h"
#include "cuda/lists.h"

namespace mien::cuda {
namespace {

struct Rule {
    double margin;
    int semantics;  // mien::Semantics
    CounterRandom random;
};

struct Scratch {
    ChosenNegatives chosen;
    ExactMemory exact;

    Scratch(Arena& arena, const Problem& p, int64_t capacity) : chosen(arena, p, capacity), exact(arena, p) {}
};

struct Select {
    static constexpr bool kAllAnchors = false;
    Rule rule;
    ChosenNegatives chosen;

    __device__ void operator()(const Problem& p, const ExactMemory& memory, int32_t anchor, const double* row) const {
        if (!chosen.pairs.fits(p)) return;
        const Ranked* ranked = rank_where(p, row, memory.own_ranked(p, 0), memory.own_ranked(p, 1),
                                          [&](int64_t j) { return is_negative(p, anchor, j); });
        const int64_t count = negative_count(p, anchor), begin = chosen.pairs.begin[anchor];
        for (int64_t i = thread(); i < positive_count(p, anchor); i += kThreads) {
            const int32_t positive = nth_positive(p, anchor, i);
            chosen.negative[begin + i] = choose(ranked, count, row[positive], anchor, positive);
        }
    }

private:
    __device__ int32_t choose(const Ranked* ranked, int64_t count, double distance, int64_t anchor,
                              int64_t positive) const {
        if (rule.semantics == kViolating) {
            const int64_t violating = ranked_below(ranked, count, distance + rule.margin);
            return violating == 0 ? -1 : ranked[rule.random.below(violating, anchor, positive)].row;
        }
        const int64_t beyond = ranked_up_to(ranked, count, distance);
        if (beyond < count && (rule.semantics == kTfa || ranked[beyond].distance < distance + rule.margin)) {
            return ranked[beyond].row;
        }
        if (rule.semantics == kFacenet) return -1;
        // The first that is as far as the farthest: ties go to the lowest row.
        return ranked[ranked_below(ranked, count, ranked[count - 1].distance)].row;
    }
};

}  // namespace

void lay_out_semi_hard(Arena& arena, const Problem& p, int64_t capacity) { Scratch(arena, p, capacity); }

}  // namespace mien::cuda

extern "C" int mien_cuda_semi_hard(const MienCudaRows* rows, double margin, int semantics, int64_t seed, int64_t step,
                                   int64_t capacity, int64_t* anchor, int64_t* positive, int64_t* negative,
                                   int64_t* count) {
    using namespace mien::cuda;
    return call(
        rows, kMienSemiHard, capacity,
        [&] {
            check_margin(margin);
            require(semantics >= mien::kFacenet && semantics <= mien::kViolating,
                    "unknown semantics code " + std::to_string(semantics));
            check_triplets(capacity, anchor, positive, negative);
            check_not_null("count", count, 1);
        },
        [&](const Problem& p, Arena& arena, Stream stream) {
            const Scratch scratch(arena, p, capacity);
            const Rule rule{margin, semantics, {seed, step}};
            list_pairs(p, stream, scratch.chosen.pairs);
            launch_exact(p, stream, AnchorList(), scratch.exact, Select{rule, scratch.chosen});
            write_triplets(p, stream, scratch.chosen, Triplets{anchor, positive, negative}, count);
        });
}
