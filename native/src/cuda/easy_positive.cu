// The nearest positive and a negative by choice.

#include "cuda/beyond.h"

namespace mien::cuda {
namespace {

struct Rule {
    double margin;
    int choice;  // mien::NegativeChoice
    int64_t *positive, *negative;
};

// Contenders kept of an anchor: the near-ties of random data, and the order in which tiles come, need a dozen.
constexpr int kMostNegatives = 32, kMostPositives = 16;

struct Scratch {
    Contenders negatives, positives;
    Beyond beyond;  // one threshold for each valid anchor: the distance of its positive
    AnchorList open;
    ExactMemory exact;

    Scratch(Arena& arena, const Problem& p, int64_t)
        : negatives(arena, p, true, kMostNegatives),
          positives(arena, p, true, kMostPositives),
          beyond(arena, p, p.n),
          open(arena, p),
          exact(arena, p) {}
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

__global__ void count_thresholds(Problem p, Scratch s) {
    const int64_t at = global_thread();
    if (at >= p.n) return;
    const int32_t anchor = p.anchor_order[at];
    s.beyond.parts.counts[anchor] = is_valid(p, anchor) && !s.positives.overflown(at) ? 1 : 0;
}

__global__ void set_thresholds(Problem p, Scratch s) {
    const int64_t at = global_thread();
    if (at >= p.n) return;
    const int32_t anchor = p.anchor_order[at];
    if (s.beyond.count(anchor) > 0) s.beyond.set(p, s.beyond.parts.begin[anchor], s.positives.best(p, at).distance);
}

__global__ void settle(Problem p, Scratch s, Rule rule) {
    const int64_t at = global_thread();
    if (at >= p.n) return;
    const int32_t anchor = p.anchor_order[at];
    if (!is_valid(p, anchor)) return;
    const bool hard = rule.choice == kHard;
    if (s.positives.overflown(at) || (hard ? s.negatives.overflown(at) : s.beyond.overflown(anchor))) {
        s.open.add(anchor);
        return;
    }
    const Ranked positive = s.positives.best(p, at);
    const Ranked negative = hard ? s.negatives.best(p, at) : s.beyond.nearest(p, anchor, 0);
    if (negative.row == kNoRow || (!hard && !(negative.distance < positive.distance + rule.margin))) return;
    rule.positive[anchor] = positive.row;
    rule.negative[anchor] = negative.row;
}

// By sweeps; leaves open what those do not decide.
void search(const Problem& p, Stream stream, const Scratch& s, const Rule& rule) {
    const bool hard = rule.choice == kHard;
    launch(stream, 1, 1, clear_list, s.open);
    reset(p, stream, s.positives);
    reset(p, stream, s.negatives);
    sweep(p, stream, OfferAll{hard, true, s.negatives, s.positives});
    measure(p, stream, s.positives);
    if (hard) {
        measure(p, stream, s.negatives);
    } else {
        launch_each(stream, p.n, count_thresholds, p, s);
        find_places(p, stream, s.beyond.parts, nullptr);
        launch_each(stream, p.n, set_thresholds, p, s);
        search_beyond(p, stream, s.beyond);
    }
    launch_each(stream, p.n, settle, p, s, rule);
}

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
            search(p, stream, scratch, rule);
            launch_exact(p, stream, scratch.open, scratch.exact, Select{rule});
        });
}
