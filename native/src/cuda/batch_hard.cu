// The farthest positive and the negatives of a window of ranks.

#include "cuda/call.h"
#include "cuda/windows.h"

namespace mien::cuda {
namespace {

struct Outputs {
    int64_t rank_low, rank_high;
    int64_t *positive, *negative;
    float *positive_distance, *negative_distance;

    MIEN_SHARED int64_t window() const { return rank_high - rank_low + 1; }
    __device__ void set_positive(int64_t anchor, const Ranked& chosen) const {
        set(positive, positive_distance, anchor, chosen);
    }
    __device__ void set_negative(int64_t anchor, int64_t rank, const Ranked& chosen) const {
        set(negative, negative_distance, anchor * window() + rank - rank_low, chosen);
    }

private:
    __device__ static void set(int64_t* rows, float* distances, int64_t at, const Ranked& chosen) {
        rows[at] = chosen.row;
        if (distances != nullptr) distances[at] = static_cast<float>(chosen.distance);
    }
};

// Farthest positives kept of an anchor: the near-ties of random data, and the order in which tiles come, need a few.
constexpr int kMostPositives = 16;

struct Scratch {
    bool by_sweep;
    Contenders positives;
    Window window;  // of the negatives; without groups where rank 1 is all
    AnchorList open;
    ExactMemory exact;

    Scratch(Arena& arena, const Problem& p, int64_t rank_high)
        : by_sweep(rank_high <= kMostRanks),
          positives(arena, p, false, kMostPositives),
          window(arena, p, by_sweep ? rank_high : 1),
          open(arena, p),
          exact(arena, p) {}
};

__global__ void clear(Outputs out, int64_t n) {
    const int64_t i = global_thread();
    const Ranked none{std::numeric_limits<double>::quiet_NaN(), -1};
    if (i < n) out.set_positive(i, none);
    if (i < n * out.window()) out.set_negative(i / out.window(), out.rank_low + i % out.window(), none);
}

struct Select {
    static constexpr bool kAllAnchors = false;
    Outputs out;

    __device__ void operator()(const Problem& p, const ExactMemory& memory, int32_t anchor, const double* row) const {
        const Ranked positive = farthest_where(p, row, [&](int64_t j) { return is_positive(p, anchor, j); });
        if (thread() == 0) out.set_positive(anchor, positive);
        const auto negatives = [&](int64_t j) { return is_negative(p, anchor, j); };
        if (out.rank_high == 1) {
            const Ranked negative = nearest_where(p, row, negatives);
            if (thread() == 0) out.set_negative(anchor, 1, negative);
            return;
        }
        const Ranked* ranked = rank_where(p, row, memory.own_ranked(p, 0), memory.own_ranked(p, 1), negatives);
        const int64_t count = negative_count(p, anchor), end = count < out.rank_high ? count : out.rank_high;
        for (int64_t rank = out.rank_low + thread(); rank <= end; rank += kThreads) {
            out.set_negative(anchor, rank, ranked[rank - 1]);
        }
    }
};

__global__ void settle(Problem p, Scratch s, Outputs out) {
    const int64_t at = global_thread();
    if (at >= p.n) return;
    const int32_t anchor = p.anchor_order[at];
    if (!is_valid(p, anchor)) return;
    if (s.window.contenders.overflown(at) || s.positives.overflown(at)) {
        s.open.add(anchor);
        return;
    }
    out.set_positive(anchor, s.positives.best(p, at));
    Ranked negative{-1, -1};
    for (int64_t rank = 1; rank <= out.rank_high; ++rank) {
        negative = s.window.contenders.best_after(p, at, negative);
        if (negative.row == kNoRow) return;
        if (rank >= out.rank_low) out.set_negative(anchor, rank, negative);
    }
}

// By sweeps; leaves open what those do not decide.
void search(const Problem& p, Stream stream, const Scratch& s, const Outputs& out) {
    launch(stream, 1, 1, clear_list, s.open);
    reset(p, stream, s.positives);
    if (out.rank_high == 1) {
        reset(p, stream, s.window.contenders);
        sweep(p, stream, OfferAll{true, true, s.window.contenders, s.positives});
        measure(p, stream, s.window.contenders);
    } else {
        sweep(p, stream, OfferAll{false, true, s.positives, s.positives});
        search_window(p, stream, s.window);
    }
    measure(p, stream, s.positives);
    launch_each(stream, p.n, settle, p, s, out);
}

}  // namespace

void lay_out_batch_hard(Arena& arena, const Problem& p, int64_t extra) { Scratch(arena, p, extra); }

}  // namespace mien::cuda

extern "C" int mien_cuda_batch_hard(const MienCudaRows* rows, int64_t rank_low, int64_t rank_high, int64_t* positive,
                                    int64_t* negative, float* positive_distance, float* negative_distance) {
    using namespace mien::cuda;
    const Outputs out{rank_low, rank_high, positive, negative, positive_distance, negative_distance};
    return call(
        rows, kMienBatchHard, rank_high,
        [&] {
            require(rank_low >= 1 && rank_high >= rank_low, "the rank window must satisfy 1 <= low <= high, not " +
                                                                std::to_string(rank_low) + ":" +
                                                                std::to_string(rank_high));
            require(rows->n == 0 || out.window() <= std::numeric_limits<int64_t>::max() / 8 / rows->n,
                    "a window of " + std::to_string(out.window()) + " ranks is too large for " +
                        std::to_string(rows->n) + " anchors");
            check_not_null("positive", positive, rows->n);
            check_not_null("negative", negative, rows->n);
        },
        [&](const Problem& p, Arena& arena, Stream stream) {
            const Scratch scratch(arena, p, rank_high);
            launch_each(stream, p.n * out.window(), clear, out, p.n);
            if (scratch.by_sweep) search(p, stream, scratch, out);
            launch_exact(p, stream, scratch.by_sweep ? scratch.open : AnchorList(), scratch.exact, Select{out});
        });
}
