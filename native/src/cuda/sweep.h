#pragma once

// Sweeps over all pairs. A visitor sees the sums of a tile from the side of its anchors and, where the references are
// anchors as well, from theirs: visitor.visit(side, memory) is run by all threads of the block together.

#include "cuda/tensor.h"

namespace mien::cuda {

// What a visitor needs to know of an anchor: positions of its class and of its own row.
struct Place {
    int first, last, own;
    int references;  // how many there are; none for what lies beyond the last anchor

    __device__ __forceinline__ bool is_negative(int at) const {
        return at < references && (at < first || at >= last) && at != own;
    }
    __device__ __forceinline__ bool is_positive(int at) const {
        return at < references && at >= first && at < last && at != own;
    }
};

__device__ __forceinline__ Place place_of(const Problem& p, int at) {
    if (at >= p.n) return {0, 0, -1, 0};
    const int32_t anchor = p.anchor_order[at], own = p.own[anchor];
    return {p.first[anchor], p.last[anchor], own < 0 ? -1 : p.position[own], static_cast<int>(p.m)};
}

// Whether a panel of anchors and one of references may hold positives.
__device__ inline bool has_positives(const Problem& p, int64_t anchors, int64_t references) {
    const int64_t last_row = anchors * kPanel + kPanel - 1, last = last_row < p.n ? last_row : p.n - 1;
    const int64_t low = references * kPanel;
    return p.first[p.anchor_order[anchors * kPanel]] < low + kPanel && p.last[p.anchor_order[last]] > low;
}

// Some of the pairs (i, j) of a thread.
class Pairs {
public:
    __device__ __forceinline__ void add(int i, int j) { bits_ |= uint64_t{1} << (i * kEach + j); }
    __device__ __forceinline__ void keep(const Pairs& others) { bits_ &= others.bits_; }

    // One at a time, so that what is done for a few does not stand in the code for all.
    template <typename Body>
    __device__ __forceinline__ void for_each(Body body) const {
#pragma unroll 1
        for (uint64_t left = bits_; left != 0; left &= left - 1) {
            const int bit = count_bits64((left & (~left + 1)) - 1);
            body(bit / kEach, bit % kEach);
        }
    }

private:
    uint64_t bits_ = 0;
};

// A tile from one side. With kTurned its columns are the anchors.
template <typename Layout, bool kTurned>
struct Side {
    const Problem& p;
    const float (&sums)[kEach][kEach];
    int64_t anchors, references;  // panels

    // Of the i-th anchor of this thread: its place in the panel, its position.
    __device__ __forceinline__ int row(int i) const { return kTurned ? Layout::column(i) : Layout::row(i); }
    __device__ __forceinline__ int anchor(int i) const { return static_cast<int>(anchors * kPanel) + row(i); }
    __device__ __forceinline__ int reference(int j) const {
        return static_cast<int>(references * kPanel) + (kTurned ? Layout::row(j) : Layout::column(j));
    }
    // Which of the kSide threads that share an anchor this is.
    __device__ __forceinline__ int sharer() const { return kTurned ? Layout::column_sharer() : Layout::row_sharer(); }
    __device__ __forceinline__ float sum(int i, int j) const { return kTurned ? sums[j][i] : sums[i][j]; }

    // The same for a pair that the compiler does not know: registers have no index.
    __device__ __forceinline__ float sum_at(int i, int j) const {
        float found = 0;
#pragma unroll
        for (int r = 0; r < kEach; ++r) {
#pragma unroll
            for (int c = 0; c < kEach; ++c) found = r == i && c == j ? sum(r, c) : found;
        }
        return found;
    }

    __device__ bool has_positives() const { return mien::cuda::has_positives(p, anchors, references); }
};

struct SweepMemory {
    union {
        TileMemory tile;
        TensorMemory tensor;
        float partial[kSide][kPanel];  // of an anchor, from the threads that share it
        float sums[kEach][kThreads];   // some of each thread's own
    };
    float limits[kPanel];
};

// combine(partial of one thread, of another) over the threads that share an anchor; thread t has the result of anchor
// t.
template <typename Side, typename Combine>
__device__ __forceinline__ float combine_side(const Side& side, SweepMemory& memory, const float (&partial)[kEach],
                                              Combine combine) {
#pragma unroll
    for (int i = 0; i < kEach; ++i) memory.partial[side.sharer()][side.row(i)] = partial[i];
    __syncthreads();
    if (thread() >= kPanel) return 0;
    float result = memory.partial[0][thread()];
    for (int t = 1; t < kSide; ++t) result = combine(result, memory.partial[t][thread()]);
    return result;
}

// A zero row is at 1 from everything, which is half of a squared distance of 2.
template <typename Layout>
__device__ void patch_zero_rows(const Problem& p, const Tile& tile, float (&sums)[kEach][kEach]) {
    const auto zero_anchor = [&](int i) {
        const int64_t at = tile.anchors * kPanel + Layout::row(i);
        return at < p.n && is_zero(p.x_norms, p.anchor_order[at]);
    };
    const auto zero_reference = [&](int j) {
        const int64_t at = tile.references * kPanel + Layout::column(j);
        return at < p.m && is_zero(p.y_norms, p.order[at]);
    };
    unsigned rows = 0, columns = 0;
    for (int i = 0; i < kEach; ++i) {
        rows |= zero_anchor(i) ? 1u << i : 0;
        columns |= zero_reference(i) ? 1u << i : 0;
    }
#pragma unroll
    for (int i = 0; i < kEach; ++i) {
#pragma unroll
        for (int j = 0; j < kEach; ++j) {
            if (((rows >> i | columns >> j) & 1u) != 0) sums[i][j] = 2;
        }
    }
}

template <typename Layout, typename Visitor>
__device__ __forceinline__ void visit_tile(const Problem& p, const Tile& tile, float (&sums)[kEach][kEach],
                                           SweepMemory& memory, const Visitor& visitor) {
    if (p.distance == kCosine && p.facts->zero_rows != 0) patch_zero_rows<Layout>(p, tile, sums);
    __syncthreads();  // what visitors share takes the place of the rows
    visitor.visit(Side<Layout, false>{p, sums, tile.anchors, tile.references}, memory);
    if (!p.symmetric || tile.anchors == tile.references) return;
    __syncthreads();
    visitor.visit(Side<Layout, true>{p, sums, tile.references, tile.anchors}, memory);
}

template <bool kAbsolutes, typename Visitor>
__global__ void __launch_bounds__(kThreads, 2) sweep_tiles(Problem p, Visitor visitor) {
    __shared__ SweepMemory memory;
    const Tile tile = Tile::at(p, block());
    if (!visitor.wants(p, tile)) return;
    float sums[kEach][kEach] = {};
    sum_tile<kAbsolutes, kChunk>(p, tile, memory.tile, sums, [](float(&)[kEach][kEach]) {});
    visit_tile<PlainLayout>(p, tile, sums, memory, visitor);
}

template <typename Multiply, typename Visitor>
__global__ void __launch_bounds__(kThreads, 2) sweep_tensor_tiles(Problem p, Visitor visitor) {
    __shared__ SweepMemory memory;
    const Tile tile = Tile::at(p, block());
    if (!visitor.wants(p, tile)) return;
    float sums[kEach][kEach] = {};
    multiply_tile<Multiply>(p, tile, memory.tensor, sums);
    visit_tile<TensorLayout>(p, tile, sums, memory, visitor);
}

template <typename Visitor>
void sweep(const Problem& p, Stream stream, const Visitor& visitor) {
    const auto kernel = p.precision == kMienPrecisionTf32       ? sweep_tensor_tiles<MultiplyTf32, Visitor>
                        : p.precision == kMienPrecisionBfloat16 ? sweep_tensor_tiles<MultiplyBfloat16, Visitor>
                        : p.distance == kManhattan              ? sweep_tiles<true, Visitor>
                                                                : sweep_tiles<false, Visitor>;
    launch(stream, Tile::count(p), kThreads, kernel, p, visitor);
}

}  // namespace mien::cuda
