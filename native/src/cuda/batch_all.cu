// Every triplet with dn < dp + margin: counted, or listed with a cap for each anchor.

#include "cuda/pairs.h"

namespace mien::cuda {
namespace {

// How many triplets of the anchor each positive has, in order of rows, added up: sums[i] is before positive i. Returns
// the sum of all. `ranked`: the anchor's negatives.
__device__ int64_t sum_active(const Problem& p, int32_t anchor, const double* row, double margin, const Ranked* ranked,
                              int64_t* sums) {
    const int64_t positives = positive_count(p, anchor), negatives = negative_count(p, anchor);
    const Part part = own_part(positives);
    int64_t sum = 0;
    for (int64_t i = part.begin; i < part.end; ++i) {
        sums[i] = ranked_below(ranked, negatives, row[nth_positive(p, anchor, i)] + margin);
        sum += sums[i];
    }
    int64_t total;
    sum = sum_before(sum, &total);
    for (int64_t i = part.begin; i < part.end; ++i) {
        const int64_t own = sums[i];
        sums[i] = sum;
        sum += own;
    }
    __syncthreads();
    return total;
}

struct Count {
    static constexpr bool kAllAnchors = false;
    double margin;
    int64_t* counts;

    __device__ void operator()(const Problem& p, const ExactMemory& memory, int32_t anchor, const double* row) const {
        const Ranked* ranked = rank_where(p, row, memory.own_ranked(p, 0), memory.own_ranked(p, 1),
                                          [&](int64_t j) { return is_negative(p, anchor, j); });
        int64_t* const sums = reinterpret_cast<int64_t*>(memory.own_ranked(p, 2));
        const int64_t total = sum_active(p, anchor, row, margin, ranked, sums);
        if (thread() == 0) counts[anchor] = total;
    }
};

struct Rule {
    double margin;
    int64_t cap;
    CounterRandom random;
};

struct List {
    static constexpr bool kAllAnchors = false;
    Rule rule;
    const int64_t* counts;  // of all triplets of each anchor
    AnchorParts parts;
    Triplets out;

    __device__ void operator()(const Problem& p, const ExactMemory& memory, int32_t anchor, const double* row) const {
        const int64_t total = counts[anchor];
        if (!parts.fits(p) || total == 0) return;
        const Ranked* ranked = rank_where(p, row, memory.own_ranked(p, 0), memory.own_ranked(p, 1),
                                          [&](int64_t j) { return is_negative(p, anchor, j); });
        int64_t* const sums = reinterpret_cast<int64_t*>(memory.own_ranked(p, 2));
        sum_active(p, anchor, row, rule.margin, ranked, sums);
        const int64_t taken = total < rule.cap ? total : rule.cap, positives = positive_count(p, anchor);
        const double drawn = rule.random.unit(anchor, -1) * static_cast<double>(total);
        const Sample sample{total, taken, total > rule.cap ? static_cast<int64_t>(drawn) : 0};
        for (int64_t i = thread() / kWarp; i < positives; i += kThreads / kWarp) {
            write(p, anchor, row, ranked, sums, sample, i);
        }
    }

private:
    // The i-th of `taken` triplets is number floor((i total + offset) / taken): all, or distinct ones.
    struct Sample {
        int64_t total, taken, offset;

        // 128 bits: the product of a large cap and a large total leaves 64.
        __device__ int64_t number(int64_t i) const {
            return static_cast<int64_t>((static_cast<unsigned __int128>(i) * static_cast<unsigned __int128>(total) +
                                         static_cast<unsigned __int128>(offset)) /
                                        static_cast<unsigned __int128>(taken));
        }
        __device__ bool holds(int64_t wanted) const {
            const int64_t i = first_from(wanted);
            return i < taken && number(i) == wanted;
        }
        // The first of them with this number or a higher one.
        __device__ int64_t first_from(int64_t least) const {
            int64_t low = 0, high = taken;
            while (low < high) {
                const int64_t middle = (low + high) / 2;
                if (number(middle) < least) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    };

    // The triplets of the i-th positive, in order of rows; by one warp.
    __device__ void write(const Problem& p, int32_t anchor, const double* row, const Ranked* ranked,
                          const int64_t* sums, const Sample& sample, int64_t i) const {
        const int32_t positive = nth_positive(p, anchor, i);
        const int64_t negatives = negative_count(p, anchor);
        const double limit = row[positive] + rule.margin;
        int64_t place = parts.begin[anchor] + sample.first_from(sums[i]);
        for (int64_t low = 0; low < p.m; low += kWarp) {
            const int64_t j = low + lane();
            bool taken = j < p.m && is_negative(p, anchor, j) && row[j] < limit;
            if (taken && sample.taken < sample.total) {
                const int64_t rank = lower_bound(ranked, 0, negatives, Ranked{row[j], static_cast<int32_t>(j)});
                taken = sample.holds(sums[i] + rank);
            }
            const unsigned all = __ballot_sync(kWholeWarp, taken);
            if (taken) out.set(place + count_bits(all & ((1u << lane()) - 1)), anchor, positive, j);
            place += count_bits(all);
        }
    }
};

// Pairs of an anchor, on average, up to which counts come from sweeps: thresholds take memory.
constexpr int64_t kMostPairs = 64;

struct CountScratch {
    PairThresholds pairs;
    AnchorList open;
    ExactMemory exact;

    CountScratch(Arena& arena, const Problem& p, int64_t)
        : pairs(arena, p, p.n * kMostPairs), open(arena, p), exact(arena, p) {}
};

struct ListScratch {
    int64_t* counts;
    AnchorParts parts;
    CountScratch count;

    ListScratch(Arena& arena, const Problem& p, int64_t capacity)
        : counts(arena.take<int64_t>(p.n)), parts(arena, p, capacity), count(arena, p, 0) {}
};

// Adds up the thresholds that are certainly above each negative; lists those that its sum does not decide.
struct CountActive {
    Beyond b;
    int64_t* counts;

    __device__ bool wants(const Problem& p, const Tile&) const { return b.parts.fits(p); }

    template <typename Side>
    __device__ __forceinline__ void visit(const Side& side, SweepMemory& memory) const {
        int64_t active = 0;  // of one anchor
        const auto see = [&](int32_t anchor, int64_t begin, int count, int reference, float sum) {
            const int last = count_below<true>(b.low + begin, count, sum);
            const int first = count_below<false>(b.high + begin, last, sum);
            active += count - last;
            if (first >= last) return;
            const int slot = atomicAdd(b.sizes + anchor, 1);
            if (slot < count + kMoreCandidates) b.candidates[b.first_slot(anchor) + slot] = {reference, first, last};
        };
        for_each_negative(side, memory, b, see, [&](int32_t anchor) {
            if (active > 0) add_to(counts + anchor, active);
            active = 0;
        });
    }
};

__global__ void count_undecided(Problem p, Beyond b, int64_t* counts) {
    const int64_t slot = global_thread();
    if (slot >= b.slots(p) || !b.parts.fits(p)) return;
    const int64_t anchor = anchor_at(p.n, slot, [&](int64_t i) { return b.first_slot(i); });
    if (slot - b.first_slot(anchor) >= b.sizes[anchor] || b.overflown(anchor)) return;
    const Candidate& candidate = b.candidates[slot];
    int64_t active = 0;
    for (int i = candidate.first; i < candidate.last; ++i) {
        active += b.distances[slot] < b.thresholds[b.parts.begin[anchor] + i] ? 1 : 0;
    }
    if (active > 0) add_to(counts + anchor, active);
}

__global__ void list_open(Problem p, CountScratch s) {
    const int64_t anchor = global_thread();
    if (anchor < p.n && (!s.pairs.beyond.parts.fits(p) || s.pairs.beyond.overflown(anchor))) s.open.add(anchor);
}

__global__ void clear(int64_t* counts, int64_t n) {
    const int64_t i = global_thread();
    if (i < n) counts[i] = 0;
}

__global__ void cap_counts(const int64_t* counts, int64_t cap, int64_t* out, int64_t n) {
    const int64_t i = global_thread();
    if (i < n) out[i] = counts[i] < cap ? counts[i] : cap;
}

// By one sweep; exactly for the anchors that it does not decide.
void find_counts(const Problem& p, Stream stream, double margin, const CountScratch& s, int64_t* counts) {
    const Beyond& beyond = s.pairs.beyond;
    launch_each(stream, p.n, clear, counts, p.n);
    launch(stream, 1, 1, clear_list, s.open);
    launch_each(stream, p.n, count_pairs, p, beyond.parts);
    launch(stream, 1, kThreads, sum_counts, static_cast<const int64_t*>(beyond.parts.counts), p.n, beyond.parts.begin);
    find_thresholds(p, stream, s.pairs, margin);
    launch_each(stream, p.n > beyond.parts.capacity ? p.n : beyond.parts.capacity, reset_beyond, p, beyond);
    sweep(p, stream, CountActive{beyond, counts});
    launch_each(stream, beyond.slots(p), measure_candidates, p, beyond);
    launch_each(stream, beyond.slots(p), count_undecided, p, beyond, counts);
    launch_each(stream, p.n, list_open, p, s);
    launch_exact(p, stream, s.open, s.exact, Count{margin, counts});
}

}  // namespace

void lay_out_batch_all_counts(Arena& arena, const Problem& p, int64_t extra) { CountScratch(arena, p, extra); }
void lay_out_batch_all(Arena& arena, const Problem& p, int64_t capacity) { ListScratch(arena, p, capacity); }

}  // namespace mien::cuda

extern "C" int mien_cuda_batch_all_counts(const MienCudaRows* rows, double margin, int64_t* counts) {
    using namespace mien::cuda;
    return call(
        rows, kMienBatchAllCounts, 0,
        [&] {
            check_margin(margin);
            check_not_null("counts", counts, rows->n);
        },
        [&](const Problem& p, Arena& arena, Stream stream) {
            const CountScratch scratch(arena, p, 0);
            find_counts(p, stream, margin, scratch, counts);
        });
}

extern "C" int mien_cuda_batch_all(const MienCudaRows* rows, double margin, int64_t cap, int64_t seed, int64_t step,
                                   int64_t capacity, int64_t* anchor, int64_t* positive, int64_t* negative,
                                   int64_t* count) {
    using namespace mien::cuda;
    return call(
        rows, kMienBatchAll, capacity,
        [&] {
            check_margin(margin);
            require(cap >= 1, "the cap per anchor must be 1 or more, not " + std::to_string(cap));
            check_triplets(capacity, anchor, positive, negative);
            check_not_null("count", count, 1);
        },
        [&](const Problem& p, Arena& arena, Stream stream) {
            const ListScratch scratch(arena, p, capacity);
            find_counts(p, stream, margin, scratch.count, scratch.counts);
            launch_each(stream, p.n, cap_counts, static_cast<const int64_t*>(scratch.counts), cap, scratch.parts.counts,
                        p.n);
            find_places(p, stream, scratch.parts, count);
            launch_exact(p, stream, AnchorList(), scratch.count.exact,
                         List{Rule{margin, cap, {seed, step}}, scratch.counts, scratch.parts,
                              Triplets{anchor, positive, negative}});
        });
}
