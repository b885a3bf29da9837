// The batch-all loss by sorting (cpu/batch_all_loss/serial.cc), in waves of anchors, so that the derivatives by their
// distances fit in bounded memory; each row gathers its gradient on its own, always in the same order.

#include "cuda/call.h"
#include "cuda/exact_rows.h"

namespace mien::cuda {
namespace {

// Distances of a wave and as many weights.
constexpr int64_t kWaveBytes = int64_t{64} << 20;

struct Scratch {
    ExactMemory exact;
    int64_t wave;       // anchors at a time
    int32_t* rows;      // (n) anchors in order
    int64_t* sizes;     // (waves) anchors of each wave
    double* distances;  // (wave, n)
    double* weights;    // (wave, n): the derivative of the loss by each distance
    double* losses;     // (n)
    int64_t* active;    // (n)
    double* gradient;   // (n, d)

    Scratch(Arena& arena, const Problem& p, int64_t) : exact(arena, p) {
        const int64_t fits = kWaveBytes / (16 * (p.n > 0 ? p.n : 1)), least = 2 * kExactGroup;
        wave = fits < least ? least : fits < p.n ? fits : p.n > least ? p.n : least;
        rows = arena.take<int32_t>(p.n);
        sizes = arena.take<int64_t>(waves(p));
        distances = arena.take<double>(wave * p.n);
        weights = arena.take<double>(wave * p.n);
        losses = arena.take<double>(p.n);
        active = arena.take<int64_t>(p.n);
        gradient = arena.take<double>(p.n * p.d);
    }

    int64_t waves(const Problem& p) const { return (p.n + wave - 1) / wave; }
};

__global__ void begin(Problem p, Scratch s) {
    const int64_t i = global_thread();
    if (i < p.n) {
        s.rows[i] = static_cast<int32_t>(i);
        s.losses[i] = 0;
        s.active[i] = 0;
    }
    if (i * s.wave < p.n) s.sizes[i] = p.n - i * s.wave < s.wave ? p.n - i * s.wave : s.wave;
    if (i < p.n * p.d) s.gradient[i] = 0;
}

struct Select {
    static constexpr bool kAllAnchors = true;  // an anchor that is not valid has weights of 0
    double margin;
    int64_t first;  // of the wave
    bool with_gradient;
    Scratch s;

    __device__ void operator()(const Problem& p, const ExactMemory& memory, int32_t anchor, const double* row) const {
        const bool valid = is_valid(p, anchor);
        double* const weights = s.weights + (anchor - first) * p.n;
        if (with_gradient) {
            for (int64_t j = thread(); j < p.n; j += kThreads) {
                s.distances[(anchor - first) * p.n + j] = row[j];
                weights[j] = 0;
            }
        }
        if (!valid) return;
        const Ranked* negatives = rank_where(p, row, memory.own_ranked(p, 0), memory.own_ranked(p, 1),
                                             [&](int64_t j) { return is_negative(p, anchor, j); });
        const Ranked* positives = rank_where(p, row, memory.own_ranked(p, 2), memory.own_ranked(p, 3),
                                             [&](int64_t j) { return is_positive(p, anchor, j); });
        // Distances from the nearest negative on: what cancels is gone before it is summed.
        const int64_t count = negative_count(p, anchor), pairs = positive_count(p, anchor);
        const double base = negatives[0].distance;
        double* const sums = reinterpret_cast<double*>(spare(p, memory, negatives));
        for (int64_t i = thread(); i < count; i += kThreads) sums[i] = negatives[i].distance - base;
        __syncthreads();
        accumulate(sums, count);
        double loss = 0;
        int64_t active = 0;
        for (int64_t i = thread(); i < pairs; i += kThreads) {
            const int64_t below = ranked_below(negatives, count, positives[i].distance + margin);
            const double reach = (positives[i].distance - base) + margin;
            const double part = static_cast<double>(below) * reach - (below == 0 ? 0 : sums[below - 1]);
            loss += part > 0 ? part : 0;
            active += below;
            if (with_gradient) weights[positives[i].row] = static_cast<double>(below);
        }
        loss = combine_all(loss, Sum{});
        active = combine_all(active, Sum{});
        if (thread() == 0) {
            s.losses[anchor] = loss;
            s.active[anchor] = active;
        }
        if (!with_gradient) return;
        for (int64_t i = thread(); i < count; i += kThreads) {
            const int64_t reached = first_reaching(positives, pairs, negatives[i].distance);
            if (reached < pairs) weights[negatives[i].row] = -static_cast<double>(pairs - reached);
        }
    }

private:
    // Of the two halves that the negatives were sorted in, the one that does not hold them.
    __device__ static Ranked* spare(const Problem& p, const ExactMemory& memory, const Ranked* held) {
        return held == memory.own_ranked(p, 0) ? memory.own_ranked(p, 1) : memory.own_ranked(p, 0);
    }

    // The first of the ranked positives with distance < its own + margin.
    __device__ int64_t first_reaching(const Ranked* positives, int64_t count, double distance) const {
        int64_t low = 0, high = count;
        while (low < high) {
            const int64_t middle = (low + high) / 2;
            if (distance < positives[middle].distance + margin) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
};

constexpr int kGathered = 8;  // rows of one block, which share what is loaded of the others

// The term by one column of the derivative of the distance of row r to row o, for `weight`.
__device__ double derivative(const Problem& p, double a, double b, double weight, double distance, double over_a,
                             double over_b) {
    if (p.distance == kEuclidean) return distance == 0 ? 0 : weight / distance * (a - b);
    if (p.distance == kSquaredEuclidean) return 2 * weight * (a - b);
    if (p.distance == kManhattan) return weight * ((a > b ? 1 : 0) - (a < b ? 1 : 0));
    // 1 - cos by a: ((u - v) - (1 - cos) u) / |a|, with u and v the rows divided by their norms.
    const double u = a * over_a, v = b * over_b;
    return distance == 0 ? 0 : weight * over_a * ((u - v) - distance * u);
}

__device__ double inverse_norm(const Problem& p, int64_t row) {
    return p.distance != kCosine || p.x_norms[row] == 0 ? 0 : 1 / p.x_norms[row];
}

// Adds to each row what it moves as a positive or a negative of the wave's anchors first..last-1 and, where it is one
// of them, as an anchor. Cosine: a zero row moves nothing and is moved by nothing.
__global__ void __launch_bounds__(kThreads) gather(Problem p, Scratch s, int64_t first, int64_t last) {
    const int64_t low = block() * kGathered;
    const int count = static_cast<int>(p.n - low < kGathered ? p.n - low : kGathered);
    for (int64_t k = thread(); k < p.d; k += kThreads) {
        double own[kGathered] = {}, sums[kGathered] = {}, over[kGathered] = {};
        for (int r = 0; r < kGathered; ++r) {
            if (r >= count) continue;
            own[r] = value_at(p.x, p.type, (low + r) * p.d + k);
            over[r] = inverse_norm(p, low + r);
        }
        const auto add = [&](int r, double value, double over_other, int64_t at) {
            const double weight = s.weights[at];
            if (weight != 0) sums[r] += derivative(p, own[r], value, weight, s.distances[at], over[r], over_other);
        };
        const auto is_fixed = [&](double over_one) { return p.distance == kCosine && over_one == 0; };
        for (int64_t i = first; i < last; ++i) {
            const double value = value_at(p.x, p.type, i * p.d + k), over_other = inverse_norm(p, i);
            if (is_fixed(over_other)) continue;
            for (int r = 0; r < kGathered; ++r) {
                if (r < count) add(r, value, over_other, (i - first) * p.n + low + r);
            }
        }
        if (low + count > first && low < last) {
            for (int64_t j = 0; j < p.n; ++j) {
                const double value = value_at(p.x, p.type, j * p.d + k), over_other = inverse_norm(p, j);
                if (is_fixed(over_other)) continue;
                for (int r = 0; r < kGathered; ++r) {
                    const int64_t row = low + r;
                    if (r < count && row >= first && row < last) {
                        add(r, value, over_other, (row - first) * p.n + j);
                    }
                }
            }
        }
        for (int r = 0; r < kGathered; ++r) {
            if (r < count && !is_fixed(over[r])) s.gradient[(low + r) * p.d + k] += sums[r];
        }
    }
}

__global__ void __launch_bounds__(kThreads)
    finish(Problem p, Scratch s, double* loss, int64_t* active, int64_t* triplets) {
    const Part part = own_part(p.n);
    double sum = 0;
    int64_t violated = 0, all = 0;
    for (int64_t i = part.begin; i < part.end; ++i) {
        sum += s.losses[i];
        violated += s.active[i];
        if (is_valid(p, i)) all += positive_count(p, i) * negative_count(p, i);
    }
    sum = combine_all(sum, Sum{});
    violated = combine_all(violated, Sum{});
    all = combine_all(all, Sum{});
    if (thread() != 0) return;
    *loss = sum;
    *active = violated;
    *triplets = all;
}

__global__ void round_gradient(Problem p, Scratch s, float* out) {
    const int64_t i = global_thread();
    if (i < p.n * p.d) out[i] = static_cast<float>(s.gradient[i]);
}

}  // namespace

void lay_out_batch_all_loss(Arena& arena, const Problem& p, int64_t extra) { Scratch(arena, p, extra); }

}  // namespace mien::cuda

extern "C" int mien_cuda_batch_all_loss(const MienCudaRows* rows, double margin, double* loss, int64_t* active,
                                        int64_t* triplets, float* gradient) {
    using namespace mien::cuda;
    return call(
        rows, kMienBatchAllLoss, 0,
        [&] {
            check_margin(margin);
            require(margin <= std::numeric_limits<double>::max(), "the margin must be finite, not inf");
            require(rows->y == nullptr, "the batch-all loss is that of a batch with itself: y must be null");
            check_not_null("loss", loss, 1);
            check_not_null("active", active, 1);
            check_not_null("triplets", triplets, 1);
        },
        [&](const Problem& p, Arena& arena, Stream stream) {
            const Scratch scratch(arena, p, 0);
            launch_each(stream, p.n * p.d, begin, p, scratch);
            for (int64_t wave = 0; wave < scratch.waves(p); ++wave) {
                const int64_t first = wave * scratch.wave;
                const int64_t last = first + scratch.wave < p.n ? first + scratch.wave : p.n;
                AnchorList anchors;
                anchors.rows = scratch.rows + first;
                anchors.count = scratch.sizes + wave;
                launch_exact(p, stream, anchors, scratch.exact, Select{margin, first, gradient != nullptr, scratch});
                if (gradient == nullptr) continue;
                launch(stream, (p.n + kGathered - 1) / kGathered, kThreads, gather, p, scratch, first, last);
            }
            launch(stream, 1, kThreads, finish, p, scratch, loss, active, triplets);
            if (gradient != nullptr) launch_each(stream, p.n * p.d, round_gradient, p, scratch, gradient);
        });
}
