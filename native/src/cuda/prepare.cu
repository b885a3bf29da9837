// What comes before every operation: values checked, norms, classes, rows packed into panels.

#include <cmath>

#include "cuda/call.h"
#include "cuda/exact.h"
#include "cuda/sort.h"

namespace mien::cuda {
namespace {

__global__ void reset(Facts* facts) {
    facts->complaint = ~0ull;
    facts->largest = 0;
    facts->zero_rows = 0;
    facts->scale = 1;
}

// A row's columns in order, as its norm is summed; one thread for each row.
__global__ void find_norms(Problem p, const void* rows, int64_t count, double* norms) {
    const int64_t row = global_thread();
    if (row >= count) return;
    double sum = 0;
    for (int64_t k = 0; k < p.d; ++k) {
        const double value = value_at(rows, p.type, row * p.d + k);
        sum += value * value;
    }
    norms[row] = sqrt(sum);
    if (sum == 0) p.facts->zero_rows = 1;
}

constexpr int64_t kCheckBlocks = 1024;

__global__ void check_values(Problem p, const void* rows, int64_t count, int code) {
    uint32_t largest = 0;
    for (int64_t i = global_thread(); i < count * p.d; i += blocks() * kThreads) {
        const uint32_t magnitude = __float_as_uint(value_at(rows, p.type, i)) & 0x7fffffffu;
        if (magnitude >= 0x7f800000u) {
            complain(p, code, i / p.d);
        } else if (magnitude > largest) {
            largest = magnitude;
        }
    }
    if (largest > p.facts->largest) atomicMax(&p.facts->largest, largest);
}

// The largest magnitude becomes 2^44: squares neither overflow nor, if they matter, underflow.
__global__ void find_bounds(Problem p) {
    Facts& facts = *p.facts;
    const float largest = __uint_as_float(facts.largest);
    if (p.distance != kCosine && largest > 0) facts.scale = ldexp(1.0, 44 - ilogb(static_cast<double>(largest)));
    facts.bounds = Bounds(p.distance, p.d, static_cast<int>(p.d), facts.scale);
}

__global__ void list_labels(const int64_t* labels, int64_t count, LabelRow* out) {
    const int64_t row = global_thread();
    if (row < count) out[row] = {labels[row], static_cast<int32_t>(row)};
}

__global__ void find_positions(const LabelRow* sorted, int64_t count, int32_t* order, int32_t* position) {
    const int64_t at = global_thread();
    if (at >= count) return;
    order[at] = sorted[at].row;
    if (position != nullptr) position[sorted[at].row] = static_cast<int32_t>(at);
}

__global__ void find_classes(Problem p) {
    const int64_t anchor = global_thread();
    if (anchor >= p.n) return;
    const int64_t label = p.labels[anchor];
    const int64_t first = lower_bound(p.sorted, 0, p.m, LabelRow{label, -1});
    p.first[anchor] = static_cast<int32_t>(first);
    p.last[anchor] = static_cast<int32_t>(lower_bound(p.sorted, first, p.m, LabelRow{label, kNoRow}));
    int64_t own = p.symmetric ? anchor : p.self == nullptr ? -1 : p.self[anchor];
    if (own < -1 || own >= p.m) {
        complain(p, kMienBadSelf, anchor);
        own = -1;
    }
    p.own[anchor] = static_cast<int32_t>(own);
}

constexpr int kPackedTogether = 8;  // columns of one thread

// The rows in the order given (null: as they are), scaled or divided by their norms, zeros beyond them.
__global__ void pack(Problem p, const void* rows, int64_t count, const int32_t* order, const double* norms,
                     float* out) {
    const int64_t columns = packed_columns(p.d), strips = columns / kPackedTogether;
    const int64_t i = global_thread();
    if (i >= panels(count) * kPanel * strips) return;
    const int64_t in_panel = i % kPanel, strip = i / kPanel % strips, panel = i / kPanel / strips;
    const int64_t at = panel * kPanel + in_panel, row = at >= count ? -1 : order == nullptr ? at : order[at];
    const bool zero = row < 0 || is_zero(norms, row);
    const double over = row < 0 ? 1 : divisor(norms, row), scale = p.facts->scale;
    for (int64_t k = strip * kPackedTogether; k < (strip + 1) * kPackedTogether; ++k) {
        const double value = zero || k >= p.d ? 0 : value_at(rows, p.type, row * p.d + k);
        out[(panel * columns + k) * kPanel + in_panel] = static_cast<float>(value / over * scale);
    }
}

// Into sorted, order and position (null: not wanted).
void sort_labels(Stream stream, const int64_t* labels, int64_t count, LabelRow* sorted, LabelRow* spare, int32_t* order,
                 int32_t* position) {
    LabelRow* const begin = sort_passes(count) % 2 == 0 ? sorted : spare;
    launch_each(stream, count, list_labels, labels, count, begin);
    sort(stream, begin, begin == sorted ? spare : sorted, count);
    launch_each(stream, count, find_positions, sorted, count, order, position);
}

void pack_rows(const Problem& p, Stream stream, const void* rows, int64_t count, const int32_t* order,
               const double* norms, float* out) {
    const int64_t strips = packed_columns(p.d) / kPackedTogether;
    launch_each(stream, panels(count) * kPanel * strips, pack, p, rows, count, order, norms, out);
}

}  // namespace

void prepare(const Problem& p, const Operation& needs, Stream stream) {
    launch(stream, 1, 1, reset, p.facts);
    if (needs.rows) {
        const int64_t elements = (p.n > p.m ? p.n : p.m) * p.d, most = (elements + kThreads - 1) / kThreads;
        const int64_t grid = most < kCheckBlocks ? most : kCheckBlocks;
        launch(stream, grid, kThreads, check_values, p, p.x, p.n, kMienBadAnchor);
        if (!p.symmetric) launch(stream, grid, kThreads, check_values, p, p.y, p.m, kMienBadReference);
        if (p.distance == kCosine) {
            launch_each(stream, p.n, find_norms, p, p.x, p.n, p.x_norms);
            if (!p.symmetric) launch_each(stream, p.m, find_norms, p, p.y, p.m, p.y_norms);
        }
        launch(stream, 1, 1, find_bounds, p);
    }
    if (needs.labels) {
        sort_labels(stream, p.y_labels, p.m, p.sorted, p.spare, p.order, p.position);
        if (!p.symmetric) {
            sort_labels(stream, p.labels, p.n, p.x_sorted, p.x_spare, p.anchor_order, nullptr);
        }
        launch_each(stream, p.n, find_classes, p);
    }
    if (needs.packed) {
        pack_rows(p, stream, p.x, p.n, needs.labels ? p.anchor_order : nullptr, p.x_norms, p.x_packed);
        if (!p.symmetric) {
            pack_rows(p, stream, p.y, p.m, needs.labels ? p.order : nullptr, p.y_norms, p.y_packed);
        }
    }
}

}  // namespace mien::cuda
