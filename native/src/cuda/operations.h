#pragma once

// The table of operations: what each needs of the rows and what it takes of the scratch. An operation is one file: its
// kernels, its layout (named here), and its C function, which wraps its work in `call`.

#include "cuda/problem.h"

namespace mien::cuda {

// Rows in panels: not at all, in float32, or in what the caller's precision asks for.
enum class Packed { kNot, kFloats, kByPrecision };

struct Operation {
    bool rows;    // distances of rows
    bool labels;  //
    Packed packed;
    bool cosine;  // whatever the caller's distance is
    // Takes what the operation itself needs.
    void (*lay_out)(Arena&, const Problem&, int64_t extra);
};

void lay_out_distances(Arena&, const Problem&, int64_t extra);
void lay_out_batch_hard(Arena&, const Problem&, int64_t extra);
void lay_out_semi_hard(Arena&, const Problem&, int64_t extra);
void lay_out_statistics(Arena&, const Problem&, int64_t extra);
void lay_out_batch_all_counts(Arena&, const Problem&, int64_t extra);
void lay_out_batch_all(Arena&, const Problem&, int64_t extra);
void lay_out_batch_all_loss(Arena&, const Problem&, int64_t extra);
void lay_out_easy_positive(Arena&, const Problem&, int64_t extra);
void lay_out_random(Arena&, const Problem&, int64_t extra);
void lay_out_distance_weighted(Arena&, const Problem&, int64_t extra);
void lay_out_active(Arena&, const Problem&, int64_t extra);
void lay_out_positive_pairs(Arena&, const Problem&, int64_t extra);

const Operation& operation(int code);

}  // namespace mien::cuda
