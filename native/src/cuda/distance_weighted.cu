// Negatives drawn as if their distances were uniform (Wu et al., 2017); see cpu/distance_weighted/serial.cc.

#include "cuda/exact_rows.h"
#include "cuda/lists.h"

namespace mien::cuda {
namespace {

constexpr double kNearest = 0.5;   // closer ones count as this: their weights would drown all others
constexpr double kFarthest = 1.4;  // almost sqrt(2), where random rows lie: no weight from here on

constexpr double kNone = -std::numeric_limits<double>::infinity();

// One over the density of distances on the unit sphere, up to a factor.
__device__ double log_weight(double cosine, int64_t d) {
    const double t = sqrt(2 * cosine);
    if (t >= kFarthest) return kNone;
    const double at = t > kNearest ? t : kNearest, dimension = static_cast<double>(d);
    return (2 - dimension) * log(at) - (dimension - 3) / 2 * log(1 - at * at / 4);
}

struct Scratch {
    ChosenNegatives chosen;
    ExactMemory exact;

    Scratch(Arena& arena, const Problem& p, int64_t capacity) : chosen(arena, p, capacity), exact(arena, p) {}
};

struct Select {
    static constexpr bool kAllAnchors = false;
    CounterRandom random;
    ChosenNegatives chosen;

    __device__ void operator()(const Problem& p, const ExactMemory& memory, int32_t anchor, const double* row) const {
        if (!chosen.pairs.fits(p)) return;
        double* const sums = reinterpret_cast<double*>(memory.own_ranked(p, 0));
        double largest = kNone;
        for (int64_t j = thread(); j < p.m; j += kThreads) {
            sums[j] = is_negative(p, anchor, j) ? log_weight(row[j], p.d) : kNone;
            largest = sums[j] > largest ? sums[j] : largest;
        }
        largest = combine_all(largest, Largest{});
        for (int64_t j = thread(); j < p.m; j += kThreads) {
            const bool weightless = !is_negative(p, anchor, j);
            sums[j] = weightless ? 0 : largest == kNone ? 1 : exp(sums[j] - largest);
        }
        __syncthreads();
        const double total = accumulate(sums, p.m);
        const int64_t begin = chosen.pairs.begin[anchor];
        for (int64_t i = thread(); i < positive_count(p, anchor); i += kThreads) {
            // Below total, as unit() is below 1, even after rounding: the first sum beyond it has a weight.
            const double drawn = random.unit(anchor, nth_positive(p, anchor, i)) * total;
            chosen.negative[begin + i] = static_cast<int32_t>(first_beyond(sums, p.m, drawn));
        }
    }

private:
    __device__ static int64_t first_beyond(const double* sums, int64_t count, double drawn) {
        int64_t first = 0, last = count - 1;
        while (first < last) {
            const int64_t middle = (first + last) / 2;
            if (sums[middle] > drawn) {
                last = middle;
            } else {
                first = middle + 1;
            }
        }
        return first;
    }
};

}  // namespace

void lay_out_distance_weighted(Arena& arena, const Problem& p, int64_t capacity) { Scratch(arena, p, capacity); }

}  // namespace mien::cuda

extern "C" int mien_cuda_distance_weighted(const MienCudaRows* rows, int64_t seed, int64_t step, int64_t capacity,
                                           int64_t* anchor, int64_t* positive, int64_t* negative, int64_t* count) {
    using namespace mien::cuda;
    return call(
        rows, kMienDistanceWeighted, capacity,
        [&] {
            check_triplets(capacity, anchor, positive, negative);
            check_not_null("count", count, 1);
        },
        [&](const Problem& p, Arena& arena, Stream stream) {
            const Scratch scratch(arena, p, capacity);
            list_pairs(p, stream, scratch.chosen.pairs);
            launch_exact(p, stream, AnchorList(), scratch.exact,
                         Select{mien::CounterRandom{seed, step}, scratch.chosen});
            write_triplets(p, stream, scratch.chosen, Triplets{anchor, positive, negative}, count);
        });
}
