// All distances of two sets of rows, to within 1e-6: float32 sums of 8 columns added in float64, and exactly a pair
// whose sum is too small for its error bound, such as that of a row and itself.

#include "cuda/call.h"
#include "cuda/tile.h"

namespace mien::cuda {
namespace {

// The rounding of 2 + kChunk operations leaves a sum within 6.1e-7, and float32 takes 6e-8. What is absolute, underflow
// and the rounding of normalised rows, may take kShare of the radius (fast/bounds.h): of its square twice that.
constexpr double kShare = 1.6e-7;

__device__ double least_sum(const Problem& p) {
    const double u = 0x1p-24, d = static_cast<double>(p.d);
    if (p.distance == kManhattan) return d * 0x1p-148 / kShare;
    const double radius = (sqrt(d) * 0x1p-62 + (p.distance == kCosine ? 2.02 * u : 0)) / kShare;
    return radius * radius;
}

struct Writer {
    const Problem& p;
    const Tile& tile;
    float* out;

    __device__ int64_t anchor(int i) const { return tile.anchors * kPanel + in_panel(thread() / kSide, i); }
    __device__ int64_t reference(int j) const { return tile.references * kPanel + in_panel(thread() % kSide, j); }

    // Of this thread's pair (i, j).
    __device__ void write(int i, int j, double distance) const {
        const int64_t a = anchor(i), b = reference(j);
        if (a >= p.n || b >= p.m) return;
        out[a * p.m + b] = static_cast<float>(distance);
        if (p.symmetric) out[b * p.m + a] = static_cast<float>(distance);
    }

    __device__ uint64_t of_zero_rows() const {
        uint64_t pairs = 0;
        for (int i = 0; i < kEach; ++i) {
            if (anchor(i) < p.n && is_zero(p.x_norms, anchor(i))) pairs |= uint64_t{0xff} << (i * kEach);
            if (reference(i) < p.m && is_zero(p.y_norms, reference(i))) pairs |= 0x0101010101010101u << i;
        }
        return pairs;
    }

    // The pairs of the bits i * kEach + j, exactly.
    __device__ void settle(uint64_t pairs) const {
#pragma unroll 1
        for (int bit = 0; bit < kEach * kEach; ++bit) {
            const int64_t a = anchor(bit / kEach), b = reference(bit % kEach);
            if ((pairs >> bit & 1) == 0 || a >= p.n || b >= p.m) continue;
            write(bit / kEach, bit % kEach, exact_distance(p, a, b));
        }
    }
};

template <bool kAbsolutes>
__global__ void __launch_bounds__(kThreads, 1) write_distances(Problem p, float* out) {
    __shared__ TileMemory memory;
    const Tile tile = Tile::at(p, block());
    float sums[kEach][kEach] = {};
    double totals[kEach][kEach] = {};
    sum_tile<kAbsolutes, 1>(p, tile, memory, sums, [&](float(&part)[kEach][kEach]) {
#pragma unroll
        for (int i = 0; i < kEach; ++i) {
#pragma unroll
            for (int j = 0; j < kEach; ++j) {
                totals[i][j] += static_cast<double>(part[i][j]);
                part[i][j] = 0;
            }
        }
    });
    const double least = least_sum(p), scale = p.facts->scale;
    const double factor = p.distance == kManhattan || p.distance == kEuclidean ? 1 / scale : 1 / scale / scale;
    const Writer writer{p, tile, out};
    uint64_t doubtful = 0;
#pragma unroll
    for (int i = 0; i < kEach; ++i) {
#pragma unroll
        for (int j = 0; j < kEach; ++j) {
            const double sum = totals[i][j];
            if (!(sum > least)) doubtful |= uint64_t{1} << (i * kEach + j);
            const double root = p.distance == kEuclidean ? sqrt(sum) : sum;
            writer.write(i, j, p.distance == kCosine ? (sum < 4 ? sum / 2 : 2) : root * factor);
        }
    }
    if (p.distance == kCosine && p.facts->zero_rows != 0) doubtful |= writer.of_zero_rows();
    writer.settle(doubtful);
}

}  // namespace

void lay_out_distances(Arena&, const Problem&, int64_t) {}

}  // namespace mien::cuda

extern "C" int mien_cuda_distances(const MienCudaRows* rows, float* out) {
    using namespace mien::cuda;
    return call(
        rows, kMienDistances, 0, [&] { check_not_null("out", out, rows->n > 0 && rows->m > 0 ? 1 : 0); },
        [&](const Problem& p, Arena&, Stream stream) {
            const auto kernel = p.distance == mien::kManhattan ? write_distances<true> : write_distances<false>;
            launch(stream, Tile::count(p), kThreads, kernel, p, out);
        });
}
