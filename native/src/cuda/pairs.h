#pragma once

// Thresholds from the pairs of each anchor: their exact distances and a margin, rising.

#include "cuda/beyond.h"

namespace mien::cuda {

struct PairThresholds {
    Beyond beyond;      // of beyond.parts.begin: one threshold for each pair
    double* distances;  // (capacity) of the pairs, in order of rows
    int32_t* pair;      // (capacity) which pair of its anchor each threshold is of

    PairThresholds(Arena& arena, const Problem& p, int64_t capacity)
        : beyond(arena, p, capacity), distances(arena.take<double>(capacity)), pair(arena.take<int32_t>(capacity)) {}

    __device__ int64_t begin(int64_t anchor) const { return beyond.parts.begin[anchor]; }
    __device__ int64_t anchor_of(const Problem& p, int64_t at) const {
        return anchor_at(p.n, at, [&](int64_t i) { return begin(i); });
    }
    __device__ bool has_pair(const Problem& p, int64_t at) const { return beyond.parts.fits(p) && at < begin(p.n); }
};

__global__ inline void measure_pairs(Problem p, PairThresholds s) {
    const int64_t at = global_thread();
    if (!s.has_pair(p, at)) return;
    const int64_t anchor = s.anchor_of(p, at);
    const double distance = exact_distance(p, anchor, nth_positive(p, anchor, at - s.begin(anchor)));
    // What is no number must have a place, too.
    s.distances[at] = distance == distance ? distance : std::numeric_limits<double>::infinity();
}

// The place of each pair's distance among those of its anchor is how many are less.
__global__ inline void rank_pairs(Problem p, PairThresholds s, double margin) {
    const int64_t at = global_thread();
    if (!s.has_pair(p, at)) return;
    const int64_t anchor = s.anchor_of(p, at);
    int64_t place = s.begin(anchor);
    for (int64_t other = s.begin(anchor); other < s.begin(anchor + 1); ++other) {
        const bool less = s.distances[other] < s.distances[at];
        place += less || (s.distances[other] == s.distances[at] && other < at) ? 1 : 0;
    }
    s.beyond.set(p, place, s.distances[at] + margin);
    s.pair[place] = static_cast<int32_t>(at - s.begin(anchor));
}

// From the places of the pairs to their thresholds.
inline void find_thresholds(const Problem& p, Stream stream, const PairThresholds& s, double margin) {
    launch_each(stream, s.beyond.parts.capacity, measure_pairs, p, s);
    launch_each(stream, s.beyond.parts.capacity, rank_pairs, p, s, margin);
}

}  // namespace mien::cuda
