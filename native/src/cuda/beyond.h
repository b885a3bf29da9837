#pragma once

// Per anchor some thresholds, and for each the nearest negative that is farther away: two sweeps. The first finds for
// each threshold the least sum that is certainly beyond it, which limits what the second collects; float64 decides.

#include "cuda/contenders.h"
#include "cuda/lists.h"

namespace mien::cuda {

// A negative that may be the nearest beyond the thresholds first..last-1 of its anchor.
struct Candidate {
    int32_t position, first, last;
};

// More candidates of an anchor than it has thresholds: for near-ties, and the order in which tiles come.
constexpr int kMoreCandidates = 16;

// Thresholds rise within an anchor's part; an anchor without any is left out. By anchor, not by position.
struct Beyond {
    AnchorParts parts;
    double* thresholds;     // (capacity) exact distances
    float *low, *high;      // (capacity) what sums may have that distance
    uint32_t* least;        // (capacity) bits of the least sum beyond this threshold but not the next
    float* limits;          // (capacity) what no candidate passes
    int32_t* sizes;         // (n) candidates
    Candidate* candidates;  // (capacity + n * kMoreCandidates)
    double* distances;      // likewise, once found

    Beyond(Arena& arena, const Problem& p, int64_t capacity)
        : parts(arena, p, capacity),
          thresholds(arena.take<double>(capacity)),
          low(arena.take<float>(capacity)),
          high(arena.take<float>(capacity)),
          least(arena.take<uint32_t>(capacity)),
          limits(arena.take<float>(capacity)),
          sizes(arena.take<int32_t>(p.n)),
          candidates(arena.take<Candidate>(capacity + p.n * kMoreCandidates)),
          distances(arena.take<double>(capacity + p.n * kMoreCandidates)) {}

    MIEN_SHARED int64_t slots(const Problem& p) const { return parts.capacity + p.n * kMoreCandidates; }

    __device__ int count(int64_t anchor) const {
        return static_cast<int>(parts.begin[anchor + 1] - parts.begin[anchor]);
    }
    __device__ int64_t first_slot(int64_t anchor) const { return parts.begin[anchor] + anchor * kMoreCandidates; }
    __device__ bool overflown(int64_t anchor) const { return sizes[anchor] > count(anchor) + kMoreCandidates; }

    __device__ void set(const Problem& p, int64_t at, double threshold) const {
        const double radius = radius_of(p.distance, threshold);
        thresholds[at] = threshold;
        low[at] = p.facts->bounds.floor(radius);
        high[at] = p.facts->bounds.ceiling(radius);
    }

    // The nearest negative beyond threshold i of an anchor; row kNoRow where there is none.
    __device__ Ranked nearest(const Problem& p, int64_t anchor, int i) const {
        const double threshold = thresholds[parts.begin[anchor] + i];
        Ranked best{std::numeric_limits<double>::infinity(), kNoRow};
        for (int64_t slot = first_slot(anchor); slot < first_slot(anchor) + sizes[anchor]; ++slot) {
            const Candidate& candidate = candidates[slot];
            if (i < candidate.first || i >= candidate.last) continue;
            const Ranked here{distances[slot], p.order[candidate.position]};
            if (here.distance > threshold && before(here, best)) best = here;
        }
        return best;
    }
};

// The anchor whose part of a list holds place `at`; begin(anchor) never falls.
template <typename Begin>
__device__ int64_t anchor_at(int64_t n, int64_t at, Begin begin) {
    int64_t low = 0, high = n;  // the first that begins behind it
    while (low < high) {
        const int64_t middle = (low + high) / 2;
        if (begin(middle) <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low - 1;
}

// How many of the rising `values` are below `limit` (kEqual: or equal to it).
template <bool kEqual>
__device__ __forceinline__ int count_below(const float* values, int count, float limit) {
    int low = 0, high = count;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (kEqual ? values[middle] <= limit : values[middle] < limit) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

// body(anchor, thresholds before it, their number, reference, sum) for each negative of the anchors with thresholds;
// after(anchor) when this thread has seen its part of an anchor's.
template <typename Side, typename Body, typename After>
__device__ __forceinline__ void for_each_negative(const Side& side, SweepMemory& memory, const Beyond& b, Body body,
                                                  After after) {
#pragma unroll
    for (int i = 0; i < kEach; ++i) {
        // By way of memory, so that the loop that follows need not be unrolled.
#pragma unroll
        for (int j = 0; j < kEach; ++j) memory.sums[j][thread()] = side.sum(i, j);
        const Place place = place_of(side.p, side.anchor(i));
        if (place.references == 0) continue;
        const int32_t anchor = side.p.anchor_order[side.anchor(i)];
        const int count = b.count(anchor);
        if (count == 0) continue;
#pragma unroll 1
        for (int j = 0; j < kEach; ++j) {
            const int reference = side.reference(j);
            if (!place.is_negative(reference)) continue;
            body(anchor, b.parts.begin[anchor], count, reference, memory.sums[j][thread()]);
        }
        after(anchor);
    }
}

struct FindLeast {
    Beyond b;

    __device__ bool wants(const Problem& p, const Tile&) const { return b.parts.fits(p); }

    template <typename Side>
    __device__ __forceinline__ void visit(const Side& side, SweepMemory& memory) const {
        for_each_negative(
            side, memory, b,
            [&](int32_t, int64_t begin, int count, int, float sum) {
                const int passed = count_below<false>(b.high + begin, count, sum);
                if (passed == 0) return;
                uint32_t* const least = b.least + begin + passed - 1;
                if (__float_as_uint(sum) < *least) atomicMin(least, __float_as_uint(sum));
            },
            [](int32_t) {});
    }
};

struct FindCandidates {
    Beyond b;

    __device__ bool wants(const Problem& p, const Tile&) const { return b.parts.fits(p); }

    template <typename Side>
    __device__ __forceinline__ void visit(const Side& side, SweepMemory& memory) const {
        for_each_negative(
            side, memory, b,
            [&](int32_t anchor, int64_t begin, int count, int reference, float sum) {
                const int last = count_below<true>(b.low + begin, count, sum);
                const int first = count_below<false>(b.limits + begin, last, sum);
                if (first >= last) return;
                const int slot = atomicAdd(b.sizes + anchor, 1);
                if (slot < count + kMoreCandidates)
                    b.candidates[b.first_slot(anchor) + slot] = {reference, first, last};
            },
            [](int32_t) {});
    }
};

__global__ inline void reset_beyond(Problem p, Beyond b) {
    const int64_t i = global_thread();
    if (i < p.n) b.sizes[i] = 0;
    if (i < b.parts.capacity) b.least[i] = __float_as_uint(kFar);
}

// What is beyond a threshold is beyond those before it.
__global__ inline void find_limits(Problem p, Beyond b) {
    const int64_t anchor = global_thread();
    if (anchor >= p.n || !b.parts.fits(p)) return;
    float least = kFar;
    for (int64_t at = b.parts.begin[anchor + 1] - 1; at >= b.parts.begin[anchor]; --at) {
        least = fminf(least, __uint_as_float(b.least[at]));
        b.limits[at] = least == kFar ? kFar : p.facts->bounds.beyond(least);
    }
}

__global__ inline void measure_candidates(Problem p, Beyond b) {
    const int64_t slot = global_thread();
    if (slot >= b.slots(p) || !b.parts.fits(p)) return;
    const int64_t anchor = anchor_at(p.n, slot, [&](int64_t i) { return b.first_slot(i); });
    if (slot - b.first_slot(anchor) >= b.sizes[anchor] || b.overflown(anchor)) return;
    b.distances[slot] = exact_distance(p, anchor, p.order[b.candidates[slot].position]);
}

// From thresholds to candidates with their distances.
inline void search_beyond(const Problem& p, Stream stream, const Beyond& b) {
    launch_each(stream, p.n > b.parts.capacity ? p.n : b.parts.capacity, reset_beyond, p, b);
    sweep(p, stream, FindLeast{b});
    launch_each(stream, p.n, find_limits, p, b);
    sweep(p, stream, FindCandidates{b});
    launch_each(stream, b.slots(p), measure_candidates, p, b);
}

}  // namespace mien::cuda
