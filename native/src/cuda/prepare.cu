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
    facts->reach = 0;
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
    facts.bounds = SumBounds(p.distance, p.d, facts.scale);
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

constexpr int kPackedTogether = 8;  // words of one thread

// A side's rows in the order given (null: as they are).
struct RowsToPack {
    const void* rows;
    int64_t count;
    const int32_t* order;
    const double* norms;
    uint32_t* out;
    float* squares;

    __device__ int64_t row(int64_t at) const { return at >= count ? -1 : order == nullptr ? at : order[at]; }
};

// Bits of mantissa that float32 has and the precision has not.
MIEN_SHARED int dropped_bits(int precision) { return precision == kMienPrecisionBfloat16 ? 16 : 13; }

// Scaled or divided by their norms, zeros beyond them.
__global__ void pack(Problem p, RowsToPack side) {
    const int64_t words = panel_stages(p) * kStageWords, strips = words / kPackedTogether;
    const int64_t i = global_thread();
    if (i >= panels(side.count) * kPanel * strips) return;
    const int64_t in_panel = i % kPanel, strip = i / kPanel % strips, panel = i / kPanel / strips;
    const int64_t row = side.row(panel * kPanel + in_panel);
    const bool zero = row < 0 || is_zero(side.norms, row);
    const double over = row < 0 ? 1 : divisor(side.norms, row), scale = p.facts->scale;
    const auto value = [&](int64_t k) {
        const double whole = zero || k >= p.d ? 0 : value_at(side.rows, p.type, row * p.d + k);
        return static_cast<float>(whole / over * scale);
    };
    for (int64_t w = strip * kPackedTogether; w < (strip + 1) * kPackedTogether; ++w) {
        uint32_t word;
        if (p.precision == kMienPrecisionFloat32) {
            word = bits_of(value(w));
        } else if (p.precision == kMienPrecisionTf32) {
            word = rounded_bits(value(w), dropped_bits(p.precision));
        } else {
            word = rounded_bits(value(2 * w), dropped_bits(p.precision)) >> 16 |
                   rounded_bits(value(2 * w + 1), dropped_bits(p.precision));
        }
        side.out[(panel * words + w) * kPanel + in_panel] = word;
    }
}

// Of the packed rows, as tensor cores see them.
__global__ void find_squares(Problem p, RowsToPack side) {
    const int64_t at = global_thread();
    if (at >= side.count) return;
    const int64_t words = panel_stages(p) * kStageWords;
    const uint32_t* const panel = side.out + at / kPanel * words * kPanel + at % kPanel;
    double sum = 0;
    for (int64_t w = 0; w < words; ++w) {
        const uint32_t word = panel[w * kPanel];
        const bool two = p.precision == kMienPrecisionBfloat16;
        const double high = __uint_as_float(two ? word & 0xffff0000u : word),
                     low = two ? __uint_as_float(word << 16) : 0;
        sum += high * high + low * low;
    }
    side.squares[at] = static_cast<float>(sum);
    const uint32_t bits = __float_as_uint(static_cast<float>(sum * (1 + 0x1p-22)));
    if (bits > p.facts->reach) atomicMax(&p.facts->reach, bits);
}

__global__ void find_product_bounds(Problem p) {
    const double reach = sqrt(static_cast<double>(__uint_as_float(p.facts->reach)));
    p.facts->bounds = SumBounds(p.distance, p.d, p.facts->scale, 24 - dropped_bits(p.precision), reach);
}

// Into sorted, order and position (null: not wanted).
void sort_labels(Stream stream, const int64_t* labels, int64_t count, LabelRow* sorted, LabelRow* spare, int32_t* order,
                 int32_t* position) {
    LabelRow* const begin = sort_passes(count) % 2 == 0 ? sorted : spare;
    launch_each(stream, count, list_labels, labels, count, begin);
    sort(stream, begin, begin == sorted ? spare : sorted, count);
    launch_each(stream, count, find_positions, sorted, count, order, position);
}

void pack_rows(const Problem& p, Stream stream, const RowsToPack& side) {
    const int64_t strips = panel_stages(p) * kStageWords / kPackedTogether;
    launch_each(stream, panels(side.count) * kPanel * strips, pack, p, side);
    if (p.precision != kMienPrecisionFloat32) launch_each(stream, side.count, find_squares, p, side);
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
    if (needs.packed != Packed::kNot) {
        const bool sorted = needs.labels;
        pack_rows(p, stream, {p.x, p.n, sorted ? p.anchor_order : nullptr, p.x_norms, p.x_packed, p.x_squares});
        if (!p.symmetric) {
            pack_rows(p, stream, {p.y, p.m, sorted ? p.order : nullptr, p.y_norms, p.y_packed, p.y_squares});
        }
        if (p.precision != kMienPrecisionFloat32) launch(stream, 1, 1, find_product_bounds, p);
    }
}

}  // namespace mien::cuda
