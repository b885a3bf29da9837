#pragma once

// The negatives of the lowest hardness ranks of each anchor: two sweeps. The first keeps the least sum of each of some
// groups of references; as each is a reference of its own, the k-th least of them limits the k-th nearest negative.

#include "cuda/contenders.h"

namespace mien::cuda {

constexpr int kBuckets = 64;    // groups of the references of an anchor
constexpr int kMostRanks = 32;  // up to this rank; with more, the limit would no longer be tight

struct Window {
    int64_t ranks;
    Contenders contenders;
    uint32_t* least;  // (n, kBuckets) bits of the least sum of each group

    Window(Arena& arena, const Problem& p, int64_t highest)
        : ranks(highest),
          contenders(arena, p, true, static_cast<int>(4 * highest + 32)),
          least(arena.take<uint32_t>(p.n * kBuckets)) {}
};

struct FindBuckets {
    Window window;

    __device__ bool wants(const Problem&, const Tile&) const { return true; }

    template <typename Side>
    __device__ __forceinline__ void visit(const Side& side, SweepMemory&) const {
        const int64_t bucket = side.references % (kBuckets / kSide) * kSide + side.sharer();
#pragma unroll
        for (int i = 0; i < kEach; ++i) {
            const Place place = place_of(side.p, side.anchor(i));
            float best = kFar;
#pragma unroll
            for (int j = 0; j < kEach; ++j) {
                if (place.is_negative(side.reference(j))) best = fminf(best, side.sum(i, j));
            }
            if (best == kFar) continue;
            uint32_t* const least = window.least + static_cast<int64_t>(side.anchor(i)) * kBuckets + bucket;
            if (__float_as_uint(best) < *least) atomicMin(least, __float_as_uint(best));
        }
    }
};

struct CollectWindow {
    Contenders contenders;

    __device__ bool wants(const Problem&, const Tile&) const { return true; }

    template <typename Side>
    __device__ __forceinline__ void visit(const Side& side, SweepMemory&) const {
        Pairs admitted;
#pragma unroll
        for (int i = 0; i < kEach; ++i) {
            const Place place = place_of(side.p, side.anchor(i));
            if (place.references == 0) continue;
            const float limit = contenders.limit(side.anchor(i));
#pragma unroll
            for (int j = 0; j < kEach; ++j) {
                if (side.sum(i, j) <= limit && place.is_negative(side.reference(j))) admitted.add(i, j);
            }
        }
        admitted.for_each([&](int i, int j) { contenders.add(side.anchor(i), side.sum_at(i, j), side.reference(j)); });
    }
};

__global__ inline void reset_buckets(Problem p, Window window) {
    const int64_t i = global_thread();
    if (i < p.n * kBuckets) window.least[i] = __float_as_uint(kFar);
}

// The k-th least of the groups; as many groups may be equal, one at a time.
__global__ inline void find_window_limits(Problem p, Window window) {
    const int64_t at = global_thread();
    if (at >= p.n) return;
    uint32_t* const least = window.least + at * kBuckets;
    float kth = kFar;
    for (int64_t k = 0; k < window.ranks; ++k) {
        int best = 0;
        for (int i = 1; i < kBuckets; ++i) best = least[i] < least[best] ? i : best;
        kth = __uint_as_float(least[best]);
        least[best] = __float_as_uint(kFar);
    }
    window.contenders.limits[at] = __float_as_uint(kth == kFar ? kFar : p.facts->bounds.beyond(kth));
}

// Fills contenders, with their distances.
inline void search_window(const Problem& p, Stream stream, const Window& window) {
    reset(p, stream, window.contenders);
    launch_each(stream, p.n * kBuckets, reset_buckets, p, window);
    sweep(p, stream, FindBuckets{window});
    launch_each(stream, p.n, find_window_limits, p, window);
    sweep(p, stream, CollectWindow{window.contenders});
    measure(p, stream, window.contenders);
}

}  // namespace mien::cuda
