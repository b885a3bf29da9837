#pragma once

// Results that are lists of triplets: every anchor has its place in the list before its triplets are written.

#include "cuda/block_tools.h"
#include "cuda/call.h"

namespace mien::cuda {

// begin[i] = the sum of the counts before i, begin[count] that of all; one block.
__global__ inline void __launch_bounds__(kThreads) sum_counts(const int64_t* counts, int64_t count, int64_t* begin) {
    const Part part = own_part(count);
    int64_t sum = 0;
    for (int64_t i = part.begin; i < part.end; ++i) sum += counts[i];
    int64_t total;
    sum = sum_before(sum, &total);
    for (int64_t i = part.begin; i < part.end; ++i) {
        begin[i] = sum;
        sum += counts[i];
    }
    if (thread() == 0) begin[count] = total;
}

// A list with a part for each anchor.
struct AnchorParts {
    int64_t capacity;
    int64_t* counts;  // (n)
    int64_t* begin;   // (n + 1)

    AnchorParts(Arena& arena, const Problem& p, int64_t room)
        : capacity(room), counts(arena.take<int64_t>(p.n)), begin(arena.take<int64_t>(p.n + 1)) {}

    // Whether it has room for all parts; else nothing is written.
    __device__ bool fits(const Problem& p) const { return begin[p.n] <= capacity; }
};

__global__ inline void check_room(Problem p, AnchorParts parts, int64_t* count) {
    if (count != nullptr) *count = parts.fits(p) ? parts.begin[p.n] : 0;
    if (!parts.fits(p)) complain(p, kMienNoRoom, parts.begin[p.n]);
}

// From counts to places; `count` (may be null) gets the sum.
inline void find_places(const Problem& p, Stream stream, const AnchorParts& parts, int64_t* count) {
    launch(stream, 1, kThreads, sum_counts, parts.counts, p.n, parts.begin);
    launch(stream, 1, 1, check_room, p, parts, count);
}

__global__ inline void count_pairs(Problem p, AnchorParts parts) {
    const int64_t anchor = global_thread();
    if (anchor < p.n) parts.counts[anchor] = pair_count(p, anchor);
}

// The pairs of each valid anchor, in order of rows.
inline void list_pairs(const Problem& p, Stream stream, const AnchorParts& pairs) {
    launch_each(stream, p.n, count_pairs, p, pairs);
    find_places(p, stream, pairs, nullptr);
}

// The caller's arrays.
struct Triplets {
    int64_t *anchor, *positive, *negative;

    __device__ void set(int64_t at, int64_t a, int64_t p, int64_t n) const {
        anchor[at] = a;
        positive[at] = p;
        negative[at] = n;
    }
};

inline void check_triplets(int64_t capacity, const void* anchor, const void* positive, const void* negative) {
    check_not_null("anchor", anchor, capacity);
    check_not_null("positive", positive, capacity);
    check_not_null("negative", negative, capacity);
}

// The negative chosen for every pair, -1 for none, turned into triplets.
struct ChosenNegatives {
    AnchorParts pairs, triplets;
    int32_t* negative;  // (capacity) at the place of each pair

    ChosenNegatives(Arena& arena, const Problem& p, int64_t capacity)
        : pairs(arena, p, capacity), triplets(arena, p, capacity), negative(arena.take<int32_t>(capacity)) {}
};

__global__ inline void count_chosen(Problem p, ChosenNegatives chosen) {
    const int64_t anchor = global_thread();
    if (anchor >= p.n) return;
    int64_t count = 0;
    if (chosen.pairs.fits(p)) {
        for (int64_t i = chosen.pairs.begin[anchor]; i < chosen.pairs.begin[anchor + 1]; ++i) {
            count += chosen.negative[i] >= 0 ? 1 : 0;
        }
    }
    chosen.triplets.counts[anchor] = count;
}

__global__ inline void write_chosen(Problem p, ChosenNegatives chosen, Triplets out) {
    const int64_t anchor = global_thread();
    if (anchor >= p.n || !chosen.pairs.fits(p)) return;
    const int64_t first = chosen.pairs.begin[anchor], last = chosen.pairs.begin[anchor + 1];
    int64_t at = chosen.triplets.begin[anchor];
    for (int64_t i = first; i < last; ++i) {
        if (chosen.negative[i] >= 0) out.set(at++, anchor, nth_positive(p, anchor, i - first), chosen.negative[i]);
    }
}

inline void write_triplets(const Problem& p, Stream stream, const ChosenNegatives& chosen, const Triplets& out,
                           int64_t* count) {
    launch_each(stream, p.n, count_chosen, p, chosen);
    find_places(p, stream, chosen.triplets, count);
    launch_each(stream, p.n, write_chosen, p, chosen, out);
}

}  // namespace mien::cuda
