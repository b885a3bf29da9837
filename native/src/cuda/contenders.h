#pragma once

// Per anchor the references that may be its nearest (farthest) for all the sums can tell, by one sweep: a limit that
// tightens with every tile, and a list of what has passed it. An anchor whose list overflows is left open.

#include "cuda/exact_rows.h"
#include "cuda/sweep.h"

namespace mien::cuda {

struct Contender {
    float sum;
    int32_t position;  // of the reference
};

constexpr float kFar = std::numeric_limits<float>::infinity();

// Of anchors by position. A limit is what no contender's sum may pass; sums are never negative, so that their bits
// order as they do.
struct Contenders {
    bool nearest;
    int capacity;
    uint32_t* limits;    // (n)
    int32_t* sizes;      // (n) more than capacity: overflown
    Contender* entries;  // (n, capacity)
    double* distances;   // (n, capacity) exact, once found

    Contenders(Arena& arena, const Problem& p, bool nearest_ones, int most)
        : nearest(nearest_ones),
          capacity(most),
          limits(arena.take<uint32_t>(p.n)),
          sizes(arena.take<int32_t>(p.n)),
          entries(arena.take<Contender>(p.n * most)),
          distances(arena.take<double>(p.n * most)) {}

    __device__ __forceinline__ bool admits(float limit, float sum) const {
        return nearest ? sum <= limit : sum >= limit;
    }
    __device__ __forceinline__ float nothing() const { return nearest ? kFar : -1; }
    __device__ __forceinline__ float better(float a, float b) const { return nearest ? fminf(a, b) : fmaxf(a, b); }
    __device__ float limit(int64_t at) const { return __uint_as_float(limits[at]); }

    // Some reference of the anchor has this sum: what that leaves in play, with what other tiles have said.
    __device__ float tighten(const SumBounds& bounds, int64_t at, float sum) const {
        const uint32_t bits = __float_as_uint(nearest ? bounds.beyond(sum) : bounds.before(sum));
        const uint32_t before = nearest ? atomicMin(limits + at, bits) : atomicMax(limits + at, bits);
        return better(__uint_as_float(before), __uint_as_float(bits));
    }

    __device__ void add(int64_t at, float sum, int position) const {
        const int slot = atomicAdd(sizes + at, 1);
        if (slot < capacity) entries[at * capacity + slot] = {sum, position};
    }

    __device__ bool overflown(int64_t at) const { return sizes[at] > capacity; }

    // The best of the anchor's by exact distance; row kNoRow where it has none.
    __device__ Ranked best(const Problem& p, int64_t at) const { return best_after(p, at, {-1, -1}); }

    // Of nearest ones the first behind another one.
    __device__ Ranked best_after(const Problem& p, int64_t at, const Ranked& previous) const {
        Ranked best{nearest ? std::numeric_limits<double>::infinity() : -1, kNoRow};
        for (int slot = 0; slot < sizes[at]; ++slot) {
            const Contender& entry = entries[at * capacity + slot];
            if (!admits(limit(at), entry.sum)) continue;
            const Ranked here{distances[at * capacity + slot], p.order[entry.position]};
            if (nearest ? before(previous, here) && before(here, best) : farther(here, best)) best = here;
        }
        return best;
    }
};

__global__ inline void reset_contenders(Problem p, Contenders list) {
    const int64_t at = global_thread();
    if (at >= p.n) return;
    list.limits[at] = __float_as_uint(list.nearest ? kFar : 0.0f);
    list.sizes[at] = 0;
}

__global__ inline void measure_contenders(Problem p, Contenders list) {
    const int64_t i = global_thread(), at = i / list.capacity;
    if (at >= p.n || i % list.capacity >= list.sizes[at] || list.overflown(at)) return;
    if (!list.admits(list.limit(at), list.entries[i].sum)) return;
    list.distances[i] = exact_distance(p, p.anchor_order[at], p.order[list.entries[i].position]);
}

// Offers the sums of a tile that `takes(place, reference)` takes.
template <typename Side, typename Takes>
__device__ __forceinline__ void offer(const Side& side, SweepMemory& memory, const Contenders& list, Takes takes) {
    float partial[kEach];
    Pairs taken;
#pragma unroll
    for (int i = 0; i < kEach; ++i) {
        partial[i] = list.nothing();
        const Place place = place_of(side.p, side.anchor(i));
#pragma unroll
        for (int j = 0; j < kEach; ++j) {
            if (!takes(place, side.reference(j))) continue;
            taken.add(i, j);
            partial[i] = list.better(partial[i], side.sum(i, j));
        }
    }
    const float best = combine_side(side, memory, partial, [&](float a, float b) { return list.better(a, b); });
    if (thread() < kPanel) {
        const int64_t at = side.anchors * kPanel + thread();
        const bool any = at < side.p.n && best != list.nothing();
        memory.limits[thread()] = any ? list.tighten(side.p.facts->bounds, at, best) : list.nearest ? -1 : kFar;
    }
    __syncthreads();
    Pairs admitted;
#pragma unroll
    for (int i = 0; i < kEach; ++i) {
        const float limit = memory.limits[side.row(i)];
#pragma unroll
        for (int j = 0; j < kEach; ++j) {
            if (list.admits(limit, side.sum(i, j))) admitted.add(i, j);
        }
    }
    admitted.keep(taken);
    admitted.for_each([&](int i, int j) { list.add(side.anchor(i), side.sum_at(i, j), side.reference(j)); });
    __syncthreads();
}

// The negatives, and the positives, that lists ask for.
struct OfferAll {
    bool negatives, positives;
    Contenders negative, positive;

    __device__ bool wants(const Problem& p, const Tile& tile) const {
        return negatives || has_positives(p, tile.anchors, tile.references) ||
               (p.symmetric && has_positives(p, tile.references, tile.anchors));
    }

    template <typename Side>
    __device__ __forceinline__ void visit(const Side& side, SweepMemory& memory) const {
        if (negatives) offer(side, memory, negative, [](const Place& a, int at) { return a.is_negative(at); });
        if (!positives || !side.has_positives()) return;
        offer(side, memory, positive, [](const Place& a, int at) { return a.is_positive(at); });
    }
};

inline void reset(const Problem& p, Stream stream, const Contenders& list) {
    launch_each(stream, p.n, reset_contenders, p, list);
}

inline void measure(const Problem& p, Stream stream, const Contenders& list) {
    launch_each(stream, p.n * list.capacity, measure_contenders, p, list);
}

}  // namespace mien::cuda
