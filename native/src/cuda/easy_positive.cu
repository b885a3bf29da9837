// The nearest positive and a negative by choice.

#include "cuda/call.h"
#include "cuda/exact_rows.h"

namespace mien::cuda {
namespace {

struct Rule {
    double margin;
    int choice;  // mien::NegativeChoice
    int64_t *positive, *negative;
};

struct Scratch {
    ExactMemory exact;

    Scratch(Arena& arena, const Problem& p, int64_t) : exact(arena, p) {}
};

__global__ void clear(Rule rule, int64_t n) {
    const int64_t i = global_thread();
    if (i < n) rule.positive[i] = rule.negative[i] = -1;
}

struct Select {
    static constexpr bool kAllAnchors = false;
    Rule rule;

    __device__ void operator()(const Problem& p, const ExactMemory&, int32_t anchor, const double* row) const {
        const Ranked positive = nearest_where(p, row, [&](int64_t j) { return is_positive(p, anchor, j); });
        const double above = positive.distance, below = above + rule.margin;
        const Ranked negative = nearest_where(p, row, [&](int64_t j) {
            return is_negative(p, anchor, j) && (rule.choice == kHard || (row[j] > above && row[j] < below));
        });
        if (thread() != 0 || negative.row == kNoRow) return;
        rule.positive[anchor] = positive.row;
        rule.negative[anchor] = negative.row;
    }
};

}  // namespace

void lay_out_easy_positive(Arena& arena, const Problem& p, int64_t extra) { Scratch(arena, p, extra); }

}  // namespace mien::cuda

extern "C" int mien_cuda_easy_positive(const MienCudaRows* rows, double margin, int choice, int64_t* positive,
                                       int64_t* negative) {
    using namespace mien::cuda;
    return call(
        rows, kMienEasyPositive, 0,
        [&] {
            check_margin(margin);
            require(choice == mien::kHard || choice == mien::kSemiHard,
                    "unknown negative choice code " + std::to_string(choice));
            check_not_null("positive", positive, rows->n);
            check_not_null("negative", negative, rows->n);
        },
        [&](const Problem& p, Arena& arena, Stream stream) {
            const Scratch scratch(arena, p, 0);
            const Rule rule{margin, choice, positive, negative};
            launch_each(stream, p.n, clear, rule, p.n);
            launch_exact(p, stream, AnchorList(), scratch.exact, Select{rule});
        });
}
