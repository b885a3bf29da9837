#pragma once

// Sweeps: tiles of kPanel x kPanel pairs, whose float32 sums of (a - b)^2 or |a - b| a visitor sees in registers. No
// sum is stored. How far they may be off says fast/bounds.h.

#include "cuda/exact.h"

namespace mien::cuda {

constexpr int kSide = 16;              // threads along a side of the tile
constexpr int kEach = kPanel / kSide;  // rows, and columns, of one thread

struct TileMemory {
    alignas(16) float anchors[2][kStage];
    alignas(16) float references[2][kStage];
};

// Which rows of a panel a thread has: two runs of four, so that it loads them as vectors.
__device__ __forceinline__ int in_panel(int side, int i) { return i / 4 * (kPanel / 2) + side * 4 + i % 4; }

// Which pairs of a tile a thread has, sums[i][j] for rows row(i) and columns column(j). Sixteen threads share a row (a
// column); which of them this one is, say row_sharer and column_sharer.
struct PlainLayout {
    __device__ __forceinline__ static int row(int i) { return in_panel(thread() / kSide, i); }
    __device__ __forceinline__ static int column(int j) { return in_panel(thread() % kSide, j); }
    __device__ __forceinline__ static int row_sharer() { return thread() % kSide; }
    __device__ __forceinline__ static int column_sharer() { return thread() / kSide; }
};

struct Tile {
    int64_t anchors, references;  // panels

    // Number i of all tiles, or of those on and above the diagonal.
    __device__ static Tile at(const Problem& p, int64_t i) {
        const int64_t wide = panels(p.m);
        if (!p.symmetric) return {i / wide, i % wide};
        // Column c holds c + 1 tiles.
        int64_t column = static_cast<int64_t>((sqrt(8.0 * static_cast<double>(i) + 1) - 1) / 2);
        while (column * (column + 1) / 2 > i) --column;
        while ((column + 1) * (column + 2) / 2 <= i) ++column;
        return {i - column * (column + 1) / 2, column};
    }

    static int64_t count(const Problem& p) {
        const int64_t high = panels(p.n), wide = panels(p.m);
        return p.symmetric ? high * (high + 1) / 2 : high * wide;
    }
};

__device__ __forceinline__ void load_stage(const float* panel, int64_t stage, float* out) {
    for (int i = thread() * 4; i < kStage; i += kThreads * 4) copy_later(out + i, panel + stage * kStage + i);
}

__device__ __forceinline__ void load_side(const float* column, int side, float* out) {
    for (int half = 0; half < 2; ++half) {
        const float4 part = *reinterpret_cast<const float4*>(column + half * (kPanel / 2) + side * 4);
        out[half * 4] = part.x;
        out[half * 4 + 1] = part.y;
        out[half * 4 + 2] = part.z;
        out[half * 4 + 3] = part.w;
    }
}

constexpr int kChunk = 8;  // columns between two calls of each_chunk

// kUnrolled columns in a row: fewer where registers are scarce.
template <bool kAbsolutes, int kUnrolled>
__device__ __forceinline__ void add_chunk(const float* anchors, const float* references, int row, int column,
                                          float (&sums)[kEach][kEach]) {
#pragma unroll kUnrolled
    for (int k = 0; k < kChunk; ++k) {
        float a[kEach], b[kEach];
        load_side(anchors + k * kPanel, row, a);
        load_side(references + k * kPanel, column, b);
#pragma unroll
        for (int i = 0; i < kEach; ++i) {
#pragma unroll
            for (int j = 0; j < kEach; ++j) {
                const float difference = a[i] - b[j];
                sums[i][j] =
                    kAbsolutes ? sums[i][j] + fabsf(difference) : multiply_add(difference, difference, sums[i][j]);
            }
        }
    }
}

// The sums of one tile, each_chunk(sums) after every kChunk columns.
template <bool kAbsolutes, int kUnrolled, typename EachChunk>
__device__ __forceinline__ void sum_tile(const Problem& p, const Tile& tile, TileMemory& memory,
                                         float (&sums)[kEach][kEach], EachChunk each_chunk) {
    const int64_t stages = panel_stages(p);
    const float* const a = reinterpret_cast<const float*>(p.x_packed) + tile.anchors * stages * kStage;
    const float* const b = reinterpret_cast<const float*>(p.y_packed) + tile.references * stages * kStage;
    const int row = thread() / kSide, column = thread() % kSide;
    load_stage(a, 0, memory.anchors[0]);
    load_stage(b, 0, memory.references[0]);
    commit_copies();
    for (int64_t stage = 0; stage < stages; ++stage) {
        const int half = static_cast<int>(stage % 2);
        if (stage + 1 < stages) {
            load_stage(a, stage + 1, memory.anchors[1 - half]);
            load_stage(b, stage + 1, memory.references[1 - half]);
        }
        commit_copies();
        wait_for_copies<1>();
        __syncthreads();
        for (int chunk = 0; chunk < kStageWords / kChunk; ++chunk) {
            const int first = chunk * kChunk * kPanel;
            add_chunk<kAbsolutes, kUnrolled>(memory.anchors[half] + first, memory.references[half] + first, row, column,
                                             sums);
            each_chunk(sums);
        }
        __syncthreads();
    }
    wait_for_copies<0>();
}

}  // namespace mien::cuda
