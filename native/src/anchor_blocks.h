#pragma once

// The parallel loop of the miners: anchors a block at a time with their exact distances, in bounded memory.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "dispatch.h"
#include "mining.h"
#include "parallel.h"

namespace mien {

constexpr int kBlockAnchors = 16;

// Distances held by one thread at a time, 2 MB, unless a single row is longer.
constexpr int64_t kBlockDistances = 1 << 18;

// Anchors of a block: of the numbers of rows alone, so that no result depends on the number of threads.
inline int64_t block_anchors(const MiningProblem& p) {
    return std::clamp<int64_t>(kBlockDistances / std::max<int64_t>(1, p.m), 1, kBlockAnchors);
}

inline int64_t block_count(const MiningProblem& p) { return (p.n + block_anchors(p) - 1) / block_anchors(p); }

// The anchors of one block that are to be looked at, with their distances.
struct AnchorBlock {
    int64_t number;
    int count = 0;
    int32_t anchors[kBlockAnchors];
    const double* rows;  // (count, m)
    Ranked* scratch;     // (m)
};

// body(block) for every block with an anchor that `keep` keeps, on all threads.
template <typename Keep, typename Body>
void for_each_block(const MiningProblem& p, Keep keep, Body body) {
    const double work = static_cast<double>(p.n) * static_cast<double>(p.m) * static_cast<double>(p.d);
    parallel_tasks(block_count(p), work, [&](int64_t number) {
        AnchorBlock block;
        block.number = number;
        const int64_t first = number * block_anchors(p), last = std::min(p.n, first + block_anchors(p));
        for (int64_t i = first; i < last; ++i) {
            if (keep(i)) block.anchors[block.count++] = static_cast<int32_t>(i);
        }
        if (block.count == 0) return;
        // Not vectors: nothing reads what the kernel has not written.
        const std::unique_ptr<double[]> rows(new double[static_cast<size_t>(block.count * p.m)]);
        const std::unique_ptr<Ranked[]> scratch(new Ranked[static_cast<size_t>(p.m)]);
        kernels().exact_rows(p, block.anchors, block.count, rows.get());
        block.rows = rows.get();
        block.scratch = scratch.get();
        body(block);
    });
}

// body(anchor, row, scratch) for every anchor that `keep` keeps, with its distances (m) and scratch (m), on all
// threads.
template <typename Keep, typename Body>
void for_each_anchor(const MiningProblem& p, Keep keep, Body body) {
    for_each_block(p, keep, [&](const AnchorBlock& block) {
        for (int i = 0; i < block.count; ++i) body(block.anchors[i], block.rows + i * p.m, block.scratch);
    });
}

template <typename Body>
void for_each_valid_anchor(const MiningProblem& p, Body body) {
    for_each_anchor(
        p, [&](int64_t i) { return is_valid(p, i); }, body);
}

// Those that a fast sweep left open, one flag per anchor.
template <typename Body>
void for_each_open_anchor(const MiningProblem& p, const std::vector<char>& open, Body body) {
    if (std::find(open.begin(), open.end(), 1) == open.end()) return;
    for_each_anchor(
        p, [&](int64_t i) { return open[static_cast<size_t>(i)] != 0 && is_valid(p, i); }, body);
}

}  // namespace mien
