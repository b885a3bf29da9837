#pragma once

// Selections from exact distances: what settles every anchor that sweeps leave open, and all anchors of operations that
// have no sweep. A block takes kExactGroup anchors at a time, finds their float64 distances to all references, and
// hands each anchor to select(p, memory, anchor, row), which all threads of the block run together.

#include "cuda/block_tools.h"
#include "cuda/exact.h"

namespace mien::cuda {

constexpr int kExactGroup = 8;         // anchors that share what is loaded of the references
constexpr int kExactReferences = 128;  // references side by side
constexpr int kExactColumns = 16;      // columns loaded at a time
constexpr int kExactEach = kExactGroup * kExactReferences / kThreads;  // distances of one thread

// Memory of the blocks, 1 to 264 of them within a quarter of a gigabyte.
constexpr int64_t kExactBytes = int64_t{256} << 20, kExactBlocks = 264;

struct ExactMemory {
    int64_t blocks;
    double* rows;       // (blocks, kExactGroup, m)
    Ranked* ranked[4];  // (blocks, m) each

    ExactMemory(Arena& arena, const Problem& p) {
        const int64_t bytes = (kExactGroup * sizeof(double) + 4 * sizeof(Ranked)) * (p.m > 0 ? p.m : 1);
        const int64_t groups = (p.n + kExactGroup - 1) / kExactGroup;
        blocks = kExactBytes / bytes < kExactBlocks ? kExactBytes / bytes : kExactBlocks;
        blocks = blocks < groups ? blocks : groups;
        blocks = blocks < 1 ? 1 : blocks;
        rows = arena.take<double>(blocks * kExactGroup * p.m);
        for (auto& part : ranked) part = arena.take<Ranked>(blocks * p.m);
    }

    // Those of this block.
    __device__ Ranked* own_ranked(const Problem& p, int i) const { return ranked[i] + block() * p.m; }
};

// Anchors to look at: `rows` (count), or all where that is null.
struct AnchorList {
    int32_t* rows;
    int64_t* count;

    AnchorList() : rows(nullptr), count(nullptr) {}
    AnchorList(Arena& arena, const Problem& p) : rows(arena.take<int32_t>(p.n)), count(arena.take<int64_t>(1)) {}

    __device__ int64_t size(const Problem& p) const { return rows == nullptr ? p.n : *count; }
    __device__ int32_t at(int64_t i) const { return rows == nullptr ? static_cast<int32_t>(i) : rows[i]; }
    __device__ void add(int64_t anchor) const { rows[add_to(count, 1)] = static_cast<int32_t>(anchor); }
};

__global__ inline void clear_list(AnchorList list) { *list.count = 0; }

struct ExactTile {
    double anchors[kExactColumns][kExactGroup];
    double references[kExactColumns][kExactReferences + 1];
};

// The distances of anchors list[first..first+count-1] into out (count, m).
__device__ inline void find_exact_rows(const Problem& p, const AnchorList& list, int64_t first, int count,
                                       double* out) {
    __shared__ ExactTile tile;
    const int reference = thread() % kExactReferences, group = thread() / kExactReferences * kExactEach;
    for (int64_t low = 0; low < p.m; low += kExactReferences) {
        double sums[kExactEach] = {};
        for (int64_t k0 = 0; k0 < p.d; k0 += kExactColumns) {
            __syncthreads();
            for (int i = thread(); i < kExactGroup * kExactColumns; i += kThreads) {
                const int k = i % kExactColumns, r = i / kExactColumns;
                const int64_t row = list.at(first + (r < count ? r : 0));
                const bool inside = k0 + k < p.d;
                const double value = inside ? value_at(p.x, p.type, row * p.d + k0 + k) : 0;
                tile.anchors[k][r] = p.distance == kCosine ? value / divisor(p.x_norms, row) : value;
            }
            for (int i = thread(); i < kExactReferences * kExactColumns; i += kThreads) {
                const int k = i % kExactColumns, r = i / kExactColumns;
                const int64_t row = low + r < p.m ? low + r : p.m - 1;
                const bool inside = k0 + k < p.d;
                const double value = inside ? value_at(p.y, p.type, row * p.d + k0 + k) : 0;
                tile.references[k][r] = p.distance == kCosine ? value / divisor(p.y_norms, row) : value;
            }
            __syncthreads();
            // Columns beyond the last are zeros: they add nothing.
            for (int k = 0; k < kExactColumns; ++k) {
                const double value = tile.references[k][reference];
                for (int i = 0; i < kExactEach; ++i) {
                    sums[i] += term(p.distance, tile.anchors[k][group + i] - value);
                }
            }
        }
        const int64_t row = low + reference;
        for (int i = 0; i < kExactEach; ++i) {
            if (row >= p.m || group + i >= count) continue;
            const bool zero = is_zero(p.x_norms, list.at(first + group + i)) || is_zero(p.y_norms, row);
            out[(group + i) * p.m + row] = finished(p.distance, sums[i], zero);
        }
    }
    __syncthreads();
}

template <typename Select>
__global__ void __launch_bounds__(kThreads, 2)
    select_exactly(Problem p, AnchorList list, ExactMemory memory, Select select) {
    double* const rows = memory.rows + block() * kExactGroup * p.m;
    const int64_t size = list.size(p);
    for (int64_t first = block() * kExactGroup; first < size; first += blocks() * kExactGroup) {
        const int count = static_cast<int>(size - first < kExactGroup ? size - first : kExactGroup);
        find_exact_rows(p, list, first, count, rows);
        for (int i = 0; i < count; ++i) {
            const int32_t anchor = list.at(first + i);
            if (is_valid(p, anchor) || Select::kAllAnchors) select(p, memory, anchor, rows + i * p.m);
            __syncthreads();
        }
    }
}

template <typename Select>
void launch_exact(const Problem& p, Stream stream, const AnchorList& list, const ExactMemory& memory,
                  const Select& select) {
    launch(stream, memory.blocks, kThreads, select_exactly<Select>, p, list, memory, select);
}

// ---- What selections share ----

// The nearest (farthest) of the references that `takes` takes; row kNoRow where it takes none.
template <typename Takes>
__device__ Ranked nearest_where(const Problem& p, const double* row, Takes takes) {
    Ranked best{std::numeric_limits<double>::infinity(), kNoRow};
    for (int64_t j = thread(); j < p.m; j += kThreads) {
        const Ranked here{row[j], static_cast<int32_t>(j)};
        if (takes(j) && before(here, best)) best = here;
    }
    return combine_all(best, Nearer{});
}

template <typename Takes>
__device__ Ranked farthest_where(const Problem& p, const double* row, Takes takes) {
    Ranked best{-1, kNoRow};
    for (int64_t j = thread(); j < p.m; j += kThreads) {
        const Ranked here{row[j], static_cast<int32_t>(j)};
        if (takes(j) && farther(here, best)) best = here;
    }
    return combine_all(best, Farther{});
}

// The references that `takes` takes in order of (distance, row), the others behind them at infinity, as is what is no
// number: each element must have a place of its own.
template <typename Takes>
__device__ Ranked* rank_where(const Problem& p, const double* row, Ranked* a, Ranked* b, Takes takes) {
    const double far = std::numeric_limits<double>::infinity();
    for (int64_t j = thread(); j < p.m; j += kThreads) {
        a[j] = {takes(j) && row[j] == row[j] ? row[j] : far, static_cast<int32_t>(j)};
    }
    return sort_together(a, b, p.m);
}

// Of `count` ranked references those nearer than `limit`.
__device__ inline int64_t ranked_below(const Ranked* ranked, int64_t count, double limit) {
    return lower_bound(ranked, 0, count, Ranked{limit, -1});
}
// Those at `limit` or nearer.
__device__ inline int64_t ranked_up_to(const Ranked* ranked, int64_t count, double limit) {
    return lower_bound(ranked, 0, count, Ranked{limit, kNoRow});
}

}  // namespace mien::cuda
