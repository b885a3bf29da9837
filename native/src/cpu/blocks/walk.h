#pragma once

// The walk over the register tiles of a block, for <isa>.cc beside this file, after the Simd (simd/<isa>.h).

#include "fast/blocks.h"

namespace {

constexpr int kLine = 64 / sizeof(float);
constexpr int kPanel = Simd::kTileVectors * Simd::kFloats;
static_assert(mien::kBlock % kPanel == 0 && kPanel % Simd::kTileRows == 0 && kPanel <= mien::kMaxPanel);

// One tile's part of a chunk of packed columns: kTileRows rows that start at `a` in their panel, against the panel b.
struct Tile {
    const float *a, *b;
    const float* ahead;  // what is to come to the second cache meanwhile, a line for every kTilePrefetch columns
    int depth;           // packed columns
    int row, column;     // of the block
    bool first, last;    // chunk of these rows
};

// body(Tile) for every tile of `rows` rows and b_panels panels, chunk by chunk.
template <typename Body>
inline void walk(const float* a, int rows, const float* b, int b_panels, int64_t d, int chunk, const Body& body) {
    const int64_t panel_size = d * kPanel;
    for (int64_t k = 0; k < d; k += chunk) {
        const int depth = static_cast<int>(d - k < chunk ? d - k : chunk);
        for (int q = 0; q < b_panels; ++q) {
            const float* columns = b + q * panel_size + k * kPanel;
            // The chunk to come, of this panel or the one after, a part with each tile: panels come from beyond the
            // caches.
            const float* next = k + chunk < d ? columns + chunk * kPanel : b + (q + b_panels) * panel_size;
            for (int p = 0; p * kPanel < rows; ++p) {
                const float* panel = a + p * panel_size + k * kPanel;
                const int count = rows - p * kPanel < kPanel ? rows - p * kPanel : kPanel;
                for (int i = 0; i < count; i += Simd::kTileRows) {
                    body(Tile{panel + i, columns, next, depth, p * kPanel + i, q * kPanel, k == 0, k + chunk >= d});
                    next += (depth + Simd::kTilePrefetch - 1) / Simd::kTilePrefetch * kLine;
                }
            }
        }
    }
}

}  // namespace
