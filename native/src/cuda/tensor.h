#pragma once

// Sums by tensor cores: |a|^2 + |b|^2 - 2 a b of rows in tf32 or bfloat16. A warp has 64 x 32 of the tile's pairs, as 4
// x 4 products of 16 x 8. Under the shim the lanes of a warp hand in their fragments, and each adds up its own
// products.

#include "cuda/tile.h"

namespace mien::cuda {

constexpr int kWarpRows = 64, kWarpColumns = 32, kProductRows = 16, kProductColumns = 8;
constexpr int kProductWords = 8;           // words of each row that one instruction takes
constexpr int kTensorStride = kPanel + 8;  // eight rows of four words lie in different banks
static_assert(2 * kPanel == kThreads);
constexpr int kTensorStage = kStageWords * kTensorStride;

struct TensorMemory {
    alignas(16) uint32_t anchors[2][kTensorStage];
    alignas(16) uint32_t references[2][kTensorStage];
};

// Fragments of mma.m16n8: a lane's group has its row, its place in the group its word or columns.
struct TensorLayout {
    __device__ __forceinline__ static int warp_row() { return thread() / kWarp / (kPanel / kWarpColumns); }
    __device__ __forceinline__ static int warp_column() { return thread() / kWarp % (kPanel / kWarpColumns); }
    __device__ __forceinline__ static int group() { return lane() / 4; }
    __device__ __forceinline__ static int in_group() { return lane() % 4; }

    __device__ __forceinline__ static int row(int i) {
        return warp_row() * kWarpRows + i / 2 * kProductRows + i % 2 * 8 + group();
    }
    __device__ __forceinline__ static int column(int j) {
        return warp_column() * kWarpColumns + j / 2 * kProductColumns + in_group() * 2 + j % 2;
    }
    __device__ __forceinline__ static int row_sharer() { return warp_column() * 4 + in_group(); }
    __device__ __forceinline__ static int column_sharer() { return warp_row() * 8 + group(); }
};

// What a word adds: the product of two tf32, or of two pairs of bfloat16.
struct MultiplyTf32 {
    __device__ static float multiply(uint32_t a, uint32_t b, float sum) {
        return sum + __uint_as_float(a) * __uint_as_float(b);
    }
#if defined(__CUDACC__)
    __device__ __forceinline__ static void run(const uint32_t (&a)[4], const uint32_t (&b)[2], float& c0, float& c1,
                                               float& c2, float& c3) {
        asm volatile(
            "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
            : "+f"(c0), "+f"(c1), "+f"(c2), "+f"(c3)
            : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
    }
#endif
};

struct MultiplyBfloat16 {
    __device__ static float multiply(uint32_t a, uint32_t b, float sum) {
        sum += __uint_as_float(a << 16) * __uint_as_float(b << 16);
        return sum + __uint_as_float(a & 0xffff0000u) * __uint_as_float(b & 0xffff0000u);
    }
#if defined(__CUDACC__)
    __device__ __forceinline__ static void run(const uint32_t (&a)[4], const uint32_t (&b)[2], float& c0, float& c1,
                                               float& c2, float& c3) {
        asm volatile(
            "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
            : "+f"(c0), "+f"(c1), "+f"(c2), "+f"(c3)
            : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
    }
#endif
};

// c += a b for a product of 16 x 8: a has the words in_group() and in_group() + 4 of rows group() and group() + 8, b of
// column group(); c the columns 2 in_group() and the next, of both rows.
template <typename Multiply>
__device__ __forceinline__ void multiply_add(const uint32_t (&a)[4], const uint32_t (&b)[2], float& c0, float& c1,
                                             float& c2, float& c3) {
#if defined(__CUDACC__)
    Multiply::run(a, b, c0, c1, c2, c3);
#else
    uint32_t words[6][kWarp];  // a0 to a3, b0, b1 of each lane
    for (int i = 0; i < 6; ++i) {
        const uint64_t* slots = simt::exchange(__FILE__, __LINE__, kWholeWarp, i < 4 ? a[i] : b[i - 4]);
        for (int l = 0; l < kWarp; ++l) words[i][l] = static_cast<uint32_t>(slots[l]);
    }
    float* const sums[4] = {&c0, &c1, &c2, &c3};
    for (int i = 0; i < 4; ++i) {
        const int row = TensorLayout::group() * 4, column = (TensorLayout::in_group() * 2 + i % 2) * 4;
        for (int w = 0; w < kProductWords; ++w) {
            const uint32_t left = words[i / 2 + w / 4 * 2][row + w % 4], right = words[4 + w / 4][column + w % 4];
            *sums[i] = Multiply::multiply(left, right, *sums[i]);
        }
    }
#endif
}

__device__ __forceinline__ void load_tensor_stage(const uint32_t* panel, int64_t stage, uint32_t* out) {
    for (int i = thread() * 4; i < kStage; i += kThreads * 4) {
        copy_later(out + i / kPanel * kTensorStride + i % kPanel, panel + stage * kStage + i);
    }
}

template <typename Multiply>
__device__ __forceinline__ void multiply_stage(const uint32_t* anchors, const uint32_t* references,
                                               float (&sums)[kEach][kEach]) {
#pragma unroll 1
    for (int k = 0; k < kStageWords; k += kProductWords) {
        const uint32_t* const low = anchors + (k + TensorLayout::in_group()) * kTensorStride;
        const uint32_t* const below = references + (k + TensorLayout::in_group()) * kTensorStride;
        uint32_t b[kEach / 2][2];
#pragma unroll
        for (int j = 0; j < kEach / 2; ++j) {
            const int column = TensorLayout::warp_column() * kWarpColumns + j * kProductColumns + TensorLayout::group();
            b[j][0] = below[column];
            b[j][1] = below[column + 4 * kTensorStride];
        }
#pragma unroll
        for (int i = 0; i < kEach / 2; ++i) {
            const int row = TensorLayout::row(2 * i);
            const uint32_t a[4] = {low[row], low[row + 8], low[row + 4 * kTensorStride],
                                   low[row + 8 + 4 * kTensorStride]};
#pragma unroll
            for (int j = 0; j < kEach / 2; ++j) {
                multiply_add<Multiply>(a, b[j], sums[2 * i][2 * j], sums[2 * i][2 * j + 1], sums[2 * i + 1][2 * j],
                                       sums[2 * i + 1][2 * j + 1]);
            }
        }
    }
}

// The sums of one tile, none below 0.
template <typename Multiply>
__device__ __forceinline__ void multiply_tile(const Problem& p, const Tile& tile, TensorMemory& memory,
                                              float (&sums)[kEach][kEach]) {
    const int64_t stages = panel_stages(p);
    const uint32_t* const a = p.x_packed + tile.anchors * stages * kStage;
    const uint32_t* const b = p.y_packed + tile.references * stages * kStage;
    load_tensor_stage(a, 0, memory.anchors[0]);
    load_tensor_stage(b, 0, memory.references[0]);
    commit_copies();
    for (int64_t stage = 0; stage < stages; ++stage) {
        const int half = static_cast<int>(stage % 2);
        if (stage + 1 < stages) {
            load_tensor_stage(a, stage + 1, memory.anchors[1 - half]);
            load_tensor_stage(b, stage + 1, memory.references[1 - half]);
        }
        commit_copies();
        wait_for_copies<1>();
        __syncthreads();
        multiply_stage<Multiply>(memory.anchors[half], memory.references[half], sums);
        __syncthreads();
    }
    wait_for_copies<0>();
    // Those of the anchors, then of the references; in the place of the rows.
    float* const squares = reinterpret_cast<float*>(memory.anchors[0]);
    const bool of_anchor = thread() < kPanel;
    const int64_t at = (of_anchor ? tile.anchors : tile.references) * kPanel + thread() % kPanel;
    squares[thread()] = at >= (of_anchor ? p.n : p.m) ? 0 : of_anchor ? p.x_squares[at] : p.y_squares[at];
    __syncthreads();
#pragma unroll
    for (int i = 0; i < kEach; ++i) {
#pragma unroll
        for (int j = 0; j < kEach; ++j) {
            const float both = squares[TensorLayout::row(i)] + squares[kPanel + TensorLayout::column(j)];
            sums[i][j] = fmaxf(0, both - 2 * sums[i][j]);
        }
    }
}

}  // namespace mien::cuda
