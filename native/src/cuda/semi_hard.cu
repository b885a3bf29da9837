// A negative for each pair of an anchor and a positive.

#include "cuda/pairs.h"

namespace mien::cuda {
namespace {

struct Rule {
    double margin;
    int semantics;  // mien::Semantics
    CounterRandom random;
};

struct Scratch {
    ChosenNegatives chosen;
    PairThresholds pairs;
    int32_t* flags;  // (n) whether an anchor is left open
    AnchorList open;
    ExactMemory exact;

    Scratch(Arena& arena, const Problem& p, int64_t capacity)
        : chosen(arena, p, capacity),
          pairs(arena, p, capacity),
          flags(arena.take<int32_t>(p.n)),
          open(arena, p),
          exact(arena, p) {
        pairs.beyond.parts = chosen.pairs;
    }
};

__global__ void reset_flags(Problem p, Scratch s) {
    const int64_t anchor = global_thread();
    if (anchor < p.n) s.flags[anchor] = 0;
}

__global__ void choose_negatives(Problem p, Scratch s, Rule rule) {
    const int64_t at = global_thread();
    if (!s.pairs.has_pair(p, at)) return;
    const Beyond& beyond = s.pairs.beyond;
    const int64_t anchor = s.pairs.anchor_of(p, at), begin = s.pairs.begin(anchor);
    if (beyond.overflown(anchor)) {
        s.flags[anchor] = 1;
        return;
    }
    const Ranked nearest = beyond.nearest(p, anchor, static_cast<int>(at - begin));
    // TFA: the farthest negative, which the sweeps have not looked for.
    if (nearest.row == kNoRow && rule.semantics == kTfa) s.flags[anchor] = 1;
    const bool inside = nearest.distance < beyond.thresholds[at] + rule.margin;
    const bool taken = nearest.row != kNoRow && (rule.semantics == kTfa || inside);
    s.chosen.negative[begin + s.pairs.pair[at]] = taken ? nearest.row : -1;
}

__global__ void list_open(Problem p, Scratch s) {
    const int64_t anchor = global_thread();
    if (anchor < p.n && s.flags[anchor] != 0) s.open.add(anchor);
}

// Facenet's and TFA's by sweeps; leaves open what those do not decide.
void search(const Problem& p, Stream stream, const Scratch& s, const Rule& rule) {
    const int64_t capacity = s.chosen.pairs.capacity;
    launch(stream, 1, 1, clear_list, s.open);
    launch_each(stream, p.n, reset_flags, p, s);
    find_thresholds(p, stream, s.pairs, 0);
    search_beyond(p, stream, s.pairs.beyond);
    launch_each(stream, capacity, choose_negatives, p, s, rule);
    launch_each(stream, p.n, list_open, p, s);
}

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
            const bool by_sweep = semantics != mien::kViolating;
            if (by_sweep) search(p, stream, scratch, rule);
            launch_exact(p, stream, by_sweep ? scratch.open : AnchorList(), scratch.exact,
                         Select{rule, scratch.chosen});
            write_triplets(p, stream, scratch.chosen, Triplets{anchor, positive, negative}, count);
        });
}
