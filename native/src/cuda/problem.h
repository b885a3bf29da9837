#pragma once

// What every kernel works on: the device's counterpart of mining.h.

#include "counter_random.h"
#include "cuda/arena.h"
#include "cuda/portable.h"
#include "cuda/sums.h"
#include "mien/mien.h"
#include "mien/mien_cuda.h"

namespace mien::cuda {

// What only the device knows.
struct Facts {
    unsigned long long complaint;  // the first thing wrong: code << 56 | row
    uint32_t largest;              // bits of the largest magnitude of any value
    int zero_rows;                 // cosine: whether there is a zero row
    double scale;                  // of the packed rows
    uint32_t reach;                // bits of the largest square of a packed row's length, for tensor cores
    SumBounds bounds;              // of sums of the packed rows
};

// A key for sorting references into classes.
struct LabelRow {
    int64_t label;
    int32_t row;
};
MIEN_SHARED inline bool before(const LabelRow& a, const LabelRow& b) {
    return a.label < b.label || (a.label == b.label && a.row < b.row);
}

// A reference and its exact distance; ties go to the lowest row.
struct Ranked {
    double distance;
    int32_t row;
};
MIEN_SHARED inline bool before(const Ranked& a, const Ranked& b) {
    return a.distance < b.distance || (a.distance == b.distance && a.row < b.row);
}
MIEN_SHARED inline bool farther(const Ranked& a, const Ranked& b) {
    return a.distance > b.distance || (a.distance == b.distance && a.row < b.row);
}

constexpr int32_t kNoRow = 0x7fffffff;  // behind all others among equals

constexpr int kPanel = 128;      // rows of a panel of packed rows
constexpr int kStageWords = 16;  // words of each row in a stage, (kStageWords, kPanel) of them; a panel is whole stages
constexpr int kStage = kStageWords * kPanel;

// Positions are places in the order of (label, row). Arrays that are not needed are null.
struct Problem {
    const void *x, *y;
    int type;
    bool symmetric;
    int64_t n, m, d;
    int distance;
    const int64_t *labels, *y_labels;
    const int64_t* self;  // as the caller gives it
    Facts* facts;
    double *x_norms, *y_norms;  // (n), (m) cosine only; 0 for a zero row

    LabelRow *sorted, *spare;  // (m) references by (label, row)
    LabelRow *x_sorted, *x_spare;
    int32_t* order;         // (m) row at each position
    int32_t* position;      // (m) position of each row
    int32_t* anchor_order;  // (n) anchor at each position; `order` where symmetric
    int32_t *first, *last;  // (n) by anchor: positions of the references of its class, one beyond the last
    int32_t* own;           // (n) by anchor: the reference that is the anchor, or -1

    int precision;                  // MienCudaPrecision of the packed rows
    uint32_t *x_packed, *y_packed;  // panels in order of positions: a float, or two bfloat16, in a word
    float *x_squares, *y_squares;   // (n), (m) squares of the packed rows' lengths, unless they are float32
};

MIEN_SHARED inline int64_t panels(int64_t rows) { return (rows + kPanel - 1) / kPanel; }

// Columns in a word.
MIEN_SHARED inline int columns_of_word(const Problem& p) { return p.precision == kMienPrecisionBfloat16 ? 2 : 1; }

MIEN_SHARED inline int64_t panel_stages(const Problem& p) {
    const int64_t columns = kStageWords * columns_of_word(p);
    return (p.d + columns - 1) / columns;
}

MIEN_SHARED inline float value_at(const void* rows, int type, int64_t i) {
    if (type == kMienFloat32) return static_cast<const float*>(rows)[i];
    const uint16_t bits = static_cast<const uint16_t*>(rows)[i];
    return type == kMienBfloat16 ? brain_value(bits) : half_value(bits);
}

__device__ inline bool own_has_own_class(const Problem& p, int64_t anchor) {
    const int32_t own = p.own[anchor];
    return own >= 0 && p.position[own] >= p.first[anchor] && p.position[own] < p.last[anchor];
}

__device__ inline int64_t positive_count(const Problem& p, int64_t anchor) {
    return p.last[anchor] - p.first[anchor] - (own_has_own_class(p, anchor) ? 1 : 0);
}

__device__ inline int64_t negative_count(const Problem& p, int64_t anchor) {
    const bool stranger = p.own[anchor] >= 0 && !own_has_own_class(p, anchor);
    return p.m - (p.last[anchor] - p.first[anchor]) - (stranger ? 1 : 0);
}

__device__ inline bool is_valid(const Problem& p, int64_t anchor) {
    return positive_count(p, anchor) > 0 && negative_count(p, anchor) > 0;
}

// Pairs (anchor, positive) of a valid anchor, else 0.
__device__ inline int64_t pair_count(const Problem& p, int64_t anchor) {
    return is_valid(p, anchor) ? positive_count(p, anchor) : 0;
}

// The k-th positive in order of rows.
__device__ inline int32_t nth_positive(const Problem& p, int64_t anchor, int64_t k) {
    const int64_t at = p.first[anchor] + k;
    const bool skips = own_has_own_class(p, anchor) && at >= p.position[p.own[anchor]];
    return p.order[at + (skips ? 1 : 0)];
}

__device__ inline bool is_positive(const Problem& p, int64_t anchor, int64_t row) {
    const int32_t at = p.position[row];
    return at >= p.first[anchor] && at < p.last[anchor] && row != p.own[anchor];
}

__device__ inline bool is_negative(const Problem& p, int64_t anchor, int64_t row) {
    const int32_t at = p.position[row];
    return (at < p.first[anchor] || at >= p.last[anchor]) && row != p.own[anchor];
}

// Of complaints the first in order of (code, row) stays.
__device__ inline void complain(const Problem& p, int code, int64_t row) {
    atomicMin(&p.facts->complaint, static_cast<unsigned long long>(code) << 56 | static_cast<unsigned long long>(row));
}

}  // namespace mien::cuda
