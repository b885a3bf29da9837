// What labels alone decide: uniform draws and the number of pairs.

#include "cuda/lists.h"

namespace mien::cuda {
namespace {

// Of the references of other classes the k-th in order of rows.
__device__ int64_t nth_outside(const Problem& p, int64_t anchor, int64_t k) {
    const int32_t* const own = p.order + p.first[anchor];
    int64_t low = 0, high = p.last[anchor] - p.first[anchor];
    while (low < high) {  // the first of the class with more than k strangers before it
        const int64_t middle = (low + high) / 2;
        if (own[middle] - middle > k) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return k + low;
}

__device__ int64_t nth_negative(const Problem& p, int64_t anchor, int64_t k) {
    const int64_t row = nth_outside(p, anchor, k);
    const int64_t own = p.own[anchor];
    // An own row of another class is no negative: those behind it move up by one.
    const bool skips = own >= 0 && !own_has_own_class(p, anchor) && row >= own;
    return skips ? nth_outside(p, anchor, k + 1) : row;
}

__global__ void draw(Problem p, CounterRandom random, int64_t* positive, int64_t* negative) {
    const int64_t anchor = global_thread();
    if (anchor >= p.n) return;
    positive[anchor] = negative[anchor] = -1;
    if (!is_valid(p, anchor)) return;
    const int64_t chosen = nth_positive(p, anchor, random.below(positive_count(p, anchor), anchor, -1));
    positive[anchor] = chosen;
    negative[anchor] = nth_negative(p, anchor, random.below(negative_count(p, anchor), anchor, chosen));
}

__global__ void copy_total(Problem p, AnchorParts pairs, int64_t* out) { *out = pairs.begin[p.n]; }

}  // namespace

void lay_out_random(Arena&, const Problem&, int64_t) {}
void lay_out_positive_pairs(Arena& arena, const Problem& p, int64_t) { AnchorParts(arena, p, 0); }

}  // namespace mien::cuda

extern "C" int mien_cuda_random_triplets(const MienCudaRows* rows, int64_t seed, int64_t step, int64_t* positive,
                                         int64_t* negative) {
    using namespace mien::cuda;
    return call(
        rows, kMienRandom, 0,
        [&] {
            check_not_null("positive", positive, rows->n);
            check_not_null("negative", negative, rows->n);
        },
        [&](const Problem& p, Arena&, Stream stream) {
            launch_each(stream, p.n, draw, p, mien::CounterRandom{seed, step}, positive, negative);
        });
}

extern "C" int mien_cuda_positive_pairs(const MienCudaRows* rows, int64_t* pairs) {
    using namespace mien::cuda;
    return call(
        rows, kMienPositivePairs, 0, [&] { check_not_null("pairs", pairs, 1); },
        [&](const Problem& p, Arena& arena, Stream stream) {
            const AnchorParts parts(arena, p, std::numeric_limits<int64_t>::max());
            list_pairs(p, stream, parts);
            launch(stream, 1, 1, copy_total, p, parts, pairs);
        });
}
