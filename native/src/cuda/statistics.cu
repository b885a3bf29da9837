// What a miner sees; see mining_statistics.h.

#include <cmath>

#include "cuda/call.h"
#include "cuda/exact_rows.h"

namespace mien::cuda {
namespace {

constexpr int64_t kMostPairs = 1 << 20;
constexpr int64_t kRoom = kMostPairs + (1 << 16);  // a sample is about as large as that, 60 standard deviations more

constexpr int kPercents = 5;

// A distance of the sample; `row` tells equal ones apart, for sorting.
using Sampled = Ranked;

// A reference by the hash of its values.
struct Hashed {
    uint64_t hash;
    int32_t row;
};
__device__ inline bool before(const Hashed& a, const Hashed& b) {
    return a.hash < b.hash || (a.hash == b.hash && a.row < b.row);
}

struct Scratch {
    ExactMemory exact;
    int64_t stride, room;           // one in how many pairs the percentiles see; of each kind at most
    unsigned long long* sampled;    // (2) how many there are: same class, different classes
    Sampled* values[2];             // (room) each
    Sampled* spare;                 // (room)
    double* sums;                   // (n) of the distances of an anchor
    double* origins;                // (m) distances from the origin
    int64_t* pairs;                 // (1)
    Hashed *hashes, *spare_hashes;  // (m)

    Scratch(Arena& arena, const Problem& p, int64_t) : exact(arena, p) {
        const int64_t all = p.symmetric ? p.n * (p.n - 1) / 2 : p.n * p.m;
        stride = all <= kMostPairs ? 1 : 1 + all / kMostPairs;
        room = stride == 1 ? all : kRoom;
        sampled = arena.take<unsigned long long>(2);
        for (auto& kind : values) kind = arena.take<Sampled>(room);
        spare = arena.take<Sampled>(room);
        sums = arena.take<double>(p.n);
        origins = arena.take<double>(p.m);
        pairs = arena.take<int64_t>(1);
        hashes = arena.take<Hashed>(p.m);
        spare_hashes = arena.take<Hashed>(p.m);
    }
};

__global__ void begin(Scratch s, int64_t* counts) {
    const int64_t i = global_thread();
    if (i < 2) s.sampled[i] = 0;
    if (i < 5) counts[i] = 0;
    if (i == 0) *s.pairs = 0;
    // Beyond the last of the sample, sorted behind it.
    const Sampled none{std::numeric_limits<double>::infinity(), static_cast<int32_t>(i)};
    if (i < s.room) s.values[0][i] = s.values[1][i] = none;
}

struct Select {
    static constexpr bool kAllAnchors = true;
    double margin;
    int64_t* counts;
    Scratch s;

    __device__ void operator()(const Problem& p, const ExactMemory& memory, int32_t anchor, const double* row) const {
        double sum = 0;
        int64_t pairs = 0;
        for (int64_t j = thread(); j < p.m; j += kThreads) {
            if (j == p.own[anchor]) continue;
            sum += row[j];
            ++pairs;
            if (is_sampled(p, anchor, j)) sample(is_positive(p, anchor, j) ? 0 : 1, row[j]);
        }
        sum = combine_all(sum, Sum{});
        pairs = combine_all(pairs, Sum{});
        if (thread() == 0) {
            s.sums[anchor] = sum;
            add_to(s.pairs, pairs);
        }
        if (!is_valid(p, anchor)) return;
        const Ranked* ranked = rank_where(p, row, memory.own_ranked(p, 0), memory.own_ranked(p, 1),
                                          [&](int64_t j) { return is_negative(p, anchor, j); });
        const int64_t negatives = negative_count(p, anchor), positives = positive_count(p, anchor);
        int64_t hard = 0, active = 0;
        for (int64_t i = thread(); i < positives; i += kThreads) {
            // dn <= dp is dn < the number after dp; dn = dp at margin 0 is hard, not easy, so that the counts add up.
            const double dp = row[nth_positive(p, anchor, i)], reach = dp + margin;
            const double beyond = nextafter(dp, std::numeric_limits<double>::infinity());
            hard += ranked_below(ranked, negatives, beyond);
            active += ranked_below(ranked, negatives, reach > beyond ? reach : beyond);
        }
        hard = combine_all(hard, Sum{});
        active = combine_all(active, Sum{});
        if (thread() != 0) return;
        add_to(counts, 1);
        add_to(counts + 1, positives * negatives - active);
        add_to(counts + 2, active - hard);
        add_to(counts + 3, hard);
    }

private:
    // As mining_statistics.cc draws: where rows are compared with themselves, each pair is seen from its lower row.
    __device__ bool is_sampled(const Problem& p, int64_t row, int64_t other) const {
        if (p.symmetric && other <= row) return false;
        if (s.stride == 1) return true;
        const uint64_t hash = static_cast<uint64_t>(row * p.m + other) * kGolden;
        return (hash >> 33) % static_cast<uint64_t>(s.stride) == 0;
    }

    __device__ void sample(int kind, double distance) const {
        const unsigned long long at = atomicAdd(&s.sampled[kind], 1ull);
        if (at < static_cast<unsigned long long>(s.room) && distance == distance) {
            s.values[kind][at] = {distance, static_cast<int32_t>(at)};
        }
    }
};

__global__ void describe_references(Problem p, Scratch s) {
    const int64_t row = global_thread();
    if (row >= p.m) return;
    double absolute = 0, squares = 0;
    uint64_t hash = 0;
    for (int64_t k = 0; k < p.d; ++k) {
        const float value = value_at(p.y, p.type, row * p.d + k);
        absolute += fabs(static_cast<double>(value));
        squares += static_cast<double>(value) * static_cast<double>(value);
        hash = mix(hash + kGolden + __float_as_uint(value + 0.0f));  // + 0 turns -0 into 0
    }
    const double length = p.distance == kEuclidean ? sqrt(squares) : squares;
    s.origins[row] = p.distance == kCosine ? 1 : p.distance == kManhattan ? absolute : length;
    s.hashes[row] = {hash, static_cast<int32_t>(row)};
}

// References equal, value by value, to an earlier one.
__global__ void count_duplicates(Problem p, const Hashed* sorted, int64_t* counts) {
    const int64_t at = global_thread();
    if (at >= p.m) return;
    const int64_t row = sorted[at].row;
    const int64_t first = lower_bound(sorted, 0, at, Hashed{sorted[at].hash, -1});
    for (int64_t other = first; other < at; ++other) {
        bool equal = true;
        for (int64_t k = 0; k < p.d && equal; ++k) {
            equal = value_at(p.y, p.type, row * p.d + k) == value_at(p.y, p.type, sorted[other].row * p.d + k);
        }
        if (!equal) continue;
        add_to(counts + 4, 1);
        return;
    }
}

// Linear between order statistics, NaN for no values.
__device__ double percentile(const Sampled* sorted, int64_t count, int percent) {
    if (count == 0) return std::numeric_limits<double>::quiet_NaN();
    const double position = percent / 100.0 * static_cast<double>(count - 1);
    const int64_t low = static_cast<int64_t>(position), high = low + 1 < count ? low + 1 : count - 1;
    const double at = sorted[low].distance;
    return at + (position - static_cast<double>(low)) * (sorted[high].distance - at);
}

__global__ void __launch_bounds__(kThreads) finish_means(Problem p, Scratch s, double* figures) {
    const Part anchors = own_part(p.n), references = own_part(p.m);
    double sum = 0, origin = 0;
    for (int64_t i = anchors.begin; i < anchors.end; ++i) sum += s.sums[i];
    for (int64_t j = references.begin; j < references.end; ++j) origin += s.origins[j] / static_cast<double>(p.m);
    sum = combine_all(sum, Sum{});
    origin = combine_all(origin, Sum{});
    if (thread() != 0) return;
    figures[0] = *s.pairs == 0 ? 0 : sum / static_cast<double>(*s.pairs);
    figures[1] = p.distance == kCosine && p.m > 0 ? 1 : origin;
}

__global__ void finish_percentiles(Scratch s, const Sampled* sorted, int kind, double* figures) {
    const int percents[kPercents] = {5, 25, 50, 75, 95};
    const int64_t found = static_cast<int64_t>(s.sampled[kind]), count = found < s.room ? found : s.room;
    for (int i = 0; i < kPercents; ++i) figures[2 + kind * kPercents + i] = percentile(sorted, count, percents[i]);
}

}  // namespace

void lay_out_statistics(Arena& arena, const Problem& p, int64_t extra) { Scratch(arena, p, extra); }

}  // namespace mien::cuda

extern "C" int mien_cuda_mining_statistics(const MienCudaRows* rows, double margin, int64_t* counts, double* figures) {
    using namespace mien::cuda;
    return call(
        rows, kMienStatistics, 0,
        [&] {
            check_margin(margin);
            check_not_null("counts", counts, 5);
            check_not_null("figures", figures, 12);
        },
        [&](const Problem& p, Arena& arena, Stream stream) {
            const Scratch s(arena, p, 0);
            launch_each(stream, s.room > 5 ? s.room : 5, begin, s, counts);
            launch_exact(p, stream, AnchorList(), s.exact, Select{margin, counts, s});
            launch_each(stream, p.m, describe_references, p, s);
            const Hashed* sorted = sort(stream, s.hashes, s.spare_hashes, p.m);
            launch_each(stream, p.m, count_duplicates, p, sorted, counts);
            launch(stream, 1, kThreads, finish_means, p, s, figures);
            for (int kind = 0; kind < 2; ++kind) {
                const Sampled* ranked = sort(stream, s.values[kind], s.spare, s.room);
                launch(stream, 1, 1, finish_percentiles, s, ranked, kind, figures);
            }
        });
}
