#pragma once

// The code of NetworkKernels, once, over the vectors of simd/avx2.h or simd/avx512.h. Included by the files named after
// an instruction set only.

#include <cstdint>

#include "cpu/network/formats.h"
#include "cpu/network/winograd.h"
#include "network/kernels.h"

namespace mien {
namespace {

using Floats = Simd::Floats;
constexpr int kLanes = Simd::kFloats;

// Rows of a register tile of some vectors: its sums, the weights and one input fill the registers. Fewer than eight
// sums would wait for each other; more than eight rows need more pointers than there are.
constexpr int most_rows(int vectors) {
    const int rows = Simd::kNetworkSums / vectors;
    return rows < kMostNetworkRows ? rows : kMostNetworkRows;
}

constexpr int kLine = 64;

// Asks for the weights that follow those in use, `lines` cache lines for each step of a product, so that memory works
// while the sums are computed.
struct Ahead {
    const char* next;
    int lines;

    void fetch() {
        for (int i = 0; i < lines; ++i, next += kLine) _mm_prefetch(next, _MM_HINT_T1);
    }
};

template <typename Format, int kVectors, int kRows>
void multiply_tile(const typename Format::Value* const* rows, int64_t offset, float* const* sums,
                   const typename Format::Value* weights, int64_t depth, bool add, Ahead ahead) {
    using Value = typename Format::Value;
    const Value* row[kRows];
    Floats total[kRows][kVectors];
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
        row[i] = rows[i] + offset;
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) total[i][v] = add ? Simd::load(sums[i] + v * kLanes) : Simd::zero();
    }
    for (int64_t k = 0; k < depth; k += Format::kStep) {
        typename Format::Vector weight[kVectors];
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) weight[v] = Format::load(weights + v * kLanes * Format::kStep);
        weights += kVectors * kLanes * Format::kStep;
        ahead.fetch();
#pragma GCC unroll 8
        for (int i = 0; i < kRows; ++i) {
            const typename Format::Vector x = Format::broadcast(row[i] + k);
#pragma GCC unroll 4
            for (int v = 0; v < kVectors; ++v) total[i][v] = Format::fma(x, weight[v], total[i][v]);
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) Simd::store(sums[i] + v * kLanes, total[i][v]);
    }
}

template <int kVectors, int kRows>
void planes_tile(const float* pixels, const int32_t* offsets, int64_t depth, float* sums, const float* weights) {
    Floats total[kRows][kVectors];
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) total[i][v] = Simd::zero();
    }
    for (int64_t k = 0; k < depth; ++k) {
        Floats weight[kVectors];
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) weight[v] = Simd::load(weights + v * kLanes);
        weights += kVectors * kLanes;
        const float* row = pixels + offsets[k];
#pragma GCC unroll 8
        for (int i = 0; i < kRows; ++i) {
            const Floats x = Simd::broadcast(row + i);
#pragma GCC unroll 4
            for (int v = 0; v < kVectors; ++v) total[i][v] = Simd::fma(x, weight[v], total[i][v]);
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) Simd::store(sums + (i * kVectors + v) * kLanes, total[i][v]);
    }
}

// Calls tile(first row, Rows<r>) over `count` rows in tiles of nearly equal size, at most kMost rows each.
template <int kRows>
struct Rows {
    static constexpr int value = kRows;
};

template <int kMost, typename Tile>
void in_tiles(int count, const Tile& tile) {
    const int tiles = (count + kMost - 1) / kMost;
    for (int t = 0, first = 0; t < tiles; ++t) {
        const int rows = (count - first + tiles - t - 1) / (tiles - t);
        switch (rows) {
            case 1:
                tile(first, Rows<1>());
                break;
            case 2:
                tile(first, Rows<2>());
                break;
            case 3:
                tile(first, Rows<3>());
                break;
            case 4:
                tile(first, Rows<4>());
                break;
            case 5:
                tile(first, Rows<5>());
                break;
            case 6:
                tile(first, Rows<6>());
                break;
            case 7:
                tile(first, Rows<(kMost >= 7 ? 7 : 1)>());
                break;
            default:
                tile(first, Rows<(kMost >= 8 ? 8 : 1)>());
        }
        first += rows;
    }
}

template <typename Format, int kVectors>
void multiply_panel(const typename Format::Value* const* rows, int64_t offset, float* const* sums, int count,
                    const typename Format::Value* weights, int64_t depth, bool add) {
    // As many weights follow as are used here; the tiles share them out.
    constexpr int kStepBytes = kVectors * kLanes * Format::kStep * static_cast<int>(sizeof(*weights));
    const int tiles = (count + most_rows(kVectors) - 1) / most_rows(kVectors);
    const int lines = tiles == 0 ? 0 : (kStepBytes / kLine + tiles - 1) / tiles;
    Ahead ahead{reinterpret_cast<const char*>(weights + depth * kVectors * kLanes), lines};
    in_tiles<most_rows(kVectors)>(count, [&](int first, auto r) {
        multiply_tile<Format, kVectors, decltype(r)::value>(rows + first, offset, sums + first, weights, depth, add,
                                                            ahead);
        ahead.next += depth / Format::kStep * lines * kLine;
    });
}

template <typename Format>
void multiply(const typename Format::Value* const* rows, int64_t offset, float* const* sums, int count, int width,
              const typename Format::Value* weights, int64_t depth, bool add) {
    switch (width / kLanes) {
        case 1:
            return multiply_panel<Format, 1>(rows, offset, sums, count, weights, depth, add);
        case 2:
            return multiply_panel<Format, 2>(rows, offset, sums, count, weights, depth, add);
        case 3:
            return multiply_panel<Format, 3>(rows, offset, sums, count, weights, depth, add);
        default:
            return multiply_panel<Format, 4>(rows, offset, sums, count, weights, depth, add);
    }
}

template <int kVectors>
void planes_panel(const float* pixels, const int32_t* offsets, int64_t depth, float* sums, int count,
                  const float* weights) {
    in_tiles<most_rows(kVectors)>(count, [&](int first, auto r) {
        planes_tile<kVectors, decltype(r)::value>(pixels + first, offsets, depth, sums + first * kVectors * kLanes,
                                                  weights);
    });
}

void multiply_planes(const float* pixels, const int32_t* offsets, int64_t depth, float* sums, int count, int width,
                     const float* weights) {
    switch (width / kLanes) {
        case 1:
            return planes_panel<1>(pixels, offsets, depth, sums, count, weights);
        case 2:
            return planes_panel<2>(pixels, offsets, depth, sums, count, weights);
        case 3:
            return planes_panel<3>(pixels, offsets, depth, sums, count, weights);
        default:
            return planes_panel<4>(pixels, offsets, depth, sums, count, weights);
    }
}

void put(float* out, Floats x) { Simd::store(out, x); }
void put(uint16_t* out, Floats x) { Simd::store_bfloat16(out, x); }

template <typename Out>
void finish(const NetworkKernels::Block& b, Out* out) {
    const int64_t side = b.pool ? 2 : 1;
    for (int64_t y = 0; y < b.rows / side; ++y) {
        for (int64_t x = 0; x < b.columns / side; ++x) {
            const float* pixel = b.sums + (y * b.pitch + x) * side * b.width;
            Out* to = out + y * b.out_pitch + x * b.out_step;
            for (int c = 0; c < b.width; c += kLanes) {
                Floats sum = Simd::load(pixel + c);
                if (b.pool) {
                    const float* below = pixel + b.pitch * b.width;
                    sum = Simd::max(Simd::max(sum, Simd::load(pixel + b.width + c)),
                                    Simd::max(Simd::load(below + c), Simd::load(below + b.width + c)));
                }
                put(to + c, Simd::max(Simd::add(sum, Simd::load(b.shift + c)), Simd::zero()));
            }
        }
    }
}

template <typename Bfloat16>
constexpr NetworkKernels network_kernels() {
    return {kLanes,
            Simd::kNetworkVectors * kLanes,
            multiply<Float32>,
            multiply<Bfloat16>,
            multiply_planes,
            winograd_input,
            winograd_output,
            finish<float>,
            finish<uint16_t>};
}

}  // namespace
}  // namespace mien
