#pragma once

// The block kernels over a Simd (simd/<isa>.h), for <isa>.cc beside this file.

#include "cpu/blocks/walk.h"
#include "fast/blocks.h"
#include "fast/turn.h"

namespace {

using mien::Form;
using mien::kBlock;

// One register tile: kTileRows rows, starting at `a` in their panel, against the panel b, while what lies `ahead` comes
// to the second cache. The first chunk of a row replaces what is in `sums`, later ones add to it.
template <Form form, bool embedded>
inline void tile(const float* a, const float* b, const float* ahead, int depth, bool first, float* sums,
                 int64_t stride) {
    constexpr int kRows = Simd::kTileRows, kVectors = Simd::kTileVectors;
    Simd::Floats total[kRows][kVectors];
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) total[i][v] = Simd::zero();
    }
    const Simd::Floats one = Simd::set(1.0f);
    for (int k = 0; k < depth; ++k) {
        if (k % Simd::kTilePrefetch == 0)
            _mm_prefetch(reinterpret_cast<const char*>(ahead + k / Simd::kTilePrefetch * kLine), _MM_HINT_T1);
        _mm_prefetch(reinterpret_cast<const char*>(a + 16 * kPanel), _MM_HINT_T0);
        Simd::Floats columns[kVectors];
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) columns[v] = Simd::load(b + Simd::kFloats * v);
#pragma GCC unroll 8
        for (int i = 0; i < kRows; ++i) {
            Simd::Floats row;
            if (!embedded) row = Simd::broadcast(a + i);
#pragma GCC unroll 4
            for (int v = 0; v < kVectors; ++v) {
                const Simd::Floats difference =
                    embedded ? Simd::sub_broadcast(columns[v], a + i) : Simd::sub(columns[v], row);
                // |x| * 1 + sum: an FMA, as additions already fill their pipes with the differences.
                total[i][v] = form == Form::kSquares ? Simd::fma(difference, difference, total[i][v])
                                                     : Simd::fma(Simd::abs(difference), one, total[i][v]);
            }
        }
        a += kPanel;
        b += kPanel;
    }
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) {
            float* out = sums + i * stride + Simd::kFloats * v;
            Simd::store(out, first ? total[i][v] : Simd::add(Simd::load(out), total[i][v]));
        }
    }
}

template <Form form, bool embedded>
void block_sums(const float* a, int rows, const float* b, int b_panels, int64_t d, int chunk, float* sums,
                int64_t stride) {
    walk(a, rows, b, b_panels, d, chunk, [&](const Tile& t) {
        tile<form, embedded>(t.a, t.b, t.ahead, t.depth, t.first, sums + t.row * stride + t.column, stride);
    });
}

template <bool least, bool both>
void find_extremes(const float* sums, int rows, int columns, float* of_rows, float* of_columns) {
    constexpr int kVectors = kBlock / Simd::kFloats;
    const int vectors = columns / Simd::kFloats;
    Simd::Floats column[kVectors];
    for (int v = 0; v < vectors; ++v) column[v] = Simd::load(sums + Simd::kFloats * v);
    for (int i = 0; i < rows; ++i) {
        const float* values = sums + i * kBlock;
        Simd::Floats row = Simd::load(values);
        for (int v = 0; v < vectors; ++v) {
            const Simd::Floats x = Simd::load(values + Simd::kFloats * v);
            row = least ? Simd::min(row, x) : Simd::max(row, x);
            if (both) column[v] = least ? Simd::min(column[v], x) : Simd::max(column[v], x);
        }
        of_rows[i] = least ? Simd::horizontal_min(row) : Simd::horizontal_max(row);
    }
    for (int v = 0; both && v < vectors; ++v) Simd::store(of_columns + Simd::kFloats * v, column[v]);
}

template <bool least>
void extremes(const float* sums, int rows, int columns, float* of_rows, float* of_columns) {
    (of_columns != nullptr ? find_extremes<least, true> : find_extremes<least, false>)(sums, rows, columns, of_rows,
                                                                                       of_columns);
}

template <bool most>
int64_t collect(const float* values, int64_t count, float limit, int32_t* positions) {
    int64_t found = 0, i = 0;
    const Simd::Floats limits = Simd::set(limit);
    for (; i + Simd::kFloats <= count; i += Simd::kFloats) {
        const Simd::Floats x = Simd::load(values + i);
        uint32_t bits = most ? Simd::at_most(x, limits) : Simd::at_least(x, limits);
        for (; bits != 0; bits &= bits - 1) positions[found++] = static_cast<int32_t>(i) + __builtin_ctz(bits);
    }
    for (; i < count; ++i) {
        if (most ? values[i] <= limit : values[i] >= limit) positions[found++] = static_cast<int32_t>(i);
    }
    return found;
}

int between(const float* values, int64_t count, float low, float high, int32_t* positions, int most) {
    int found = 0;
    const Simd::Floats lows = Simd::set(low), highs = Simd::set(high);
    for (int64_t i = 0; i < count; i += Simd::kFloats) {
        const Simd::Floats x = Simd::load(values + i);
        uint32_t bits = Simd::at_least(x, lows) & Simd::at_most(x, highs);
        for (; bits != 0; bits &= bits - 1) {
            if (found == most) return -1;
            positions[found++] = static_cast<int32_t>(i) + __builtin_ctz(bits);
        }
    }
    return found;
}

int within(const float* values, const float* limits, float limit, int64_t count, int32_t* positions, int most) {
    int found = 0;
    const Simd::Floats all = Simd::set(limit);
    for (int64_t i = 0; i < count; i += Simd::kFloats) {
        uint32_t bits = Simd::at_most(Simd::load(values + i), Simd::max(all, Simd::load(limits + i)));
        for (; bits != 0; bits &= bits - 1) {
            if (found == most) return -1;
            positions[found++] = static_cast<int32_t>(i) + __builtin_ctz(bits);
        }
    }
    return found;
}

void least_above(const float* values, int64_t count, const float* thresholds, float* least) {
    constexpr int kThresholds = mien::BlockKernels::kThresholds;
    Simd::Floats limit[kThresholds], best[kThresholds];
    for (int t = 0; t < kThresholds; ++t) {
        limit[t] = Simd::set(thresholds[t]);
        best[t] = Simd::set(__builtin_inff());
    }
    for (int64_t i = 0; i < count; i += Simd::kFloats) {
        const Simd::Floats x = Simd::load(values + i);
        for (int t = 0; t < kThresholds; ++t) best[t] = Simd::min_above(best[t], x, limit[t]);
    }
    for (int t = 0; t < kThresholds; ++t) least[t] = Simd::horizontal_min(best[t]);
}

// How many of size - 1 rising thresholds are below x, by halving.
template <typename Lookup>
inline Simd::Ints search(Simd::Floats x, int32_t size, const Lookup& lookup) {
    Simd::Ints at = Simd::set_int(0);
    for (int32_t step = size / 2; step > 0; step /= 2) {
        const Simd::Floats threshold = lookup(Simd::add_int(at, Simd::set_int(step - 1)));
        at = Simd::step_where_less(at, Simd::set_int(step), threshold, x);
    }
    return at;
}

// A sorted table of up to 2 kFloats entries in two registers.
struct Table {
    Simd::Floats low, high;

    Table(const float* values, int32_t size) {
        float all[2 * Simd::kFloats];
        for (int i = 0; i < 2 * Simd::kFloats; ++i) all[i] = values[i < size ? i : size - 1];
        low = Simd::load(all);
        high = Simd::load(all + Simd::kFloats);
    }
    Simd::Floats operator()(Simd::Ints at) const { return Simd::pick(low, high, at); }
};

// A larger one in memory.
struct Gathered {
    const float* values;

    Gathered(const float* all, int32_t) : values(all) {}
    Simd::Floats operator()(Simd::Ints at) const { return Simd::gather(values, at); }
};

template <typename Lookup>
int ranks_in(const float* values, int64_t count, const float* high, const float* low, int32_t size, int32_t* out) {
    int doubts = 0;
    const Lookup highs(high, size), lows(low, size);
    for (int64_t i = 0; i < count; i += Simd::kFloats) {
        const Simd::Floats x = Simd::load(values + i);
        const Simd::Ints at = search(x, size, highs);
        Simd::store_int(out + i, at);
        uint32_t doubtful = Simd::at_most(lows(at), x);
        for (; doubtful != 0; doubtful &= doubtful - 1, ++doubts) {
            int32_t& rank = out[i + __builtin_ctz(doubtful)];
            rank = ~rank;
        }
    }
    return doubts;
}

int ranks(const float* values, int64_t count, const float* high, const float* low, int32_t size, int32_t* out) {
    return (size <= 2 * Simd::kFloats ? ranks_in<Table> : ranks_in<Gathered>)(values, count, high, low, size, out);
}

mien::BlockKernels::Weighed weigh(const float* distances, const int32_t* row_ranks, int32_t thresholds, float base,
                                  float* weights) {
    // Sixteen partial sums on any instruction set, so that all round alike.
    constexpr int kParts = 16 / Simd::kFloats;
    Simd::Floats weight[kParts], distance[kParts], pull[kParts];
    for (int v = 0; v < kParts; ++v) weight[v] = distance[v] = pull[v] = Simd::zero();
    for (int j = 0; j < kBlock; j += 16) {
        for (int v = 0; v < kParts; ++v) {
            const int at = j + v * Simd::kFloats;
            const Simd::Floats w =
                Simd::to_floats(Simd::sub_int(Simd::set_int(thresholds), Simd::load_int(row_ranks + at)));
            const Simd::Floats x = Simd::load(distances + at);
            Simd::store(weights + at, w);
            weight[v] = Simd::add(weight[v], w);
            distance[v] = Simd::fma(w, x, distance[v]);
            pull[v] = Simd::fma(w, Simd::sub(Simd::set(base), x), pull[v]);
        }
    }
    for (int v = 1; v < kParts; ++v) {
        weight[0] = Simd::add(weight[0], weight[v]);
        distance[0] = Simd::add(distance[0], distance[v]);
        pull[0] = Simd::add(pull[0], pull[v]);
    }
    return {Simd::horizontal_sum(weight[0]), Simd::horizontal_sum(distance[0]), Simd::horizontal_sum(pull[0])};
}

void scale(const float* sums, int rows, bool root, float factor, float* out) {
    for (int at = 0; at < rows * kBlock; at += Simd::kFloats) {
        const Simd::Floats x = Simd::load(sums + at);
        Simd::store(out + at, Simd::mul(root ? Simd::sqrt(x) : x, Simd::set(factor)));
    }
}

void combine(const float* a, const float* b, const float* distances, int rows, float factor, float* out) {
    for (int at = 0; at < rows * kBlock; at += Simd::kFloats) {
        Simd::Floats x = Simd::mul(Simd::add(Simd::load(a + at), Simd::load(b + at)), Simd::set(factor));
        if (distances != nullptr) x = Simd::divide_or_zero(x, Simd::load(distances + at));
        Simd::store(out + at, x);
    }
}

void transpose(const float* in, float* out) {
    for (int row = 0; row < kBlock; row += 4) {
        for (int column = 0; column < kBlock; column += 4) {
            turn(in + row * kBlock + column, out + column * kBlock + row);
        }
    }
}

template <Form form, bool scaled>
inline double pair_sum(const float* a, const float* b, double of_a, double of_b, int64_t width) {
    constexpr int kSums = 16 / Simd::kDoubles;
    const Simd::Doubles factor_a = Simd::set_double(of_a), factor_b = Simd::set_double(of_b);
    Simd::Doubles total[kSums];
    for (auto& t : total) t = Simd::set_double(0);
    for (int64_t k = 0; k < width; k += 16) {
#pragma GCC unroll 4
        for (int s = 0; s < kSums; ++s) {
            Simd::Doubles x = Simd::load_as_doubles(a + k + s * Simd::kDoubles);
            Simd::Doubles y = Simd::load_as_doubles(b + k + s * Simd::kDoubles);
            if (scaled) x = Simd::mul(x, factor_a), y = Simd::mul(y, factor_b);
            const Simd::Doubles difference = Simd::sub(x, y);
            total[s] = form == Form::kSquares ? Simd::fma(difference, difference, total[s])
                                              : Simd::add(total[s], Simd::abs(difference));
        }
    }
    for (int s = 1; s < kSums; ++s) total[0] = Simd::add(total[0], total[s]);
    return Simd::horizontal_sum(total[0]);
}

template <Form form>
void pair_sums(const float* rows, const double* factors, int64_t width, int64_t stride, const int32_t* a,
               const int32_t* b, int count, double* sums) {
    for (int i = 0; i < count; ++i) {
        const float *x = rows + a[i] * stride, *y = rows + b[i] * stride;
        sums[i] = factors == nullptr ? pair_sum<form, false>(x, y, 1, 1, width)
                                     : pair_sum<form, true>(x, y, factors[a[i]], factors[b[i]], width);
    }
}

// The columns that any of a few rows has a weight for, and those weights, row by row for each of them.
struct Active {
    int count = 0;
    int32_t columns[kBlock];
    float weights[kBlock * Simd::kGradientRows];

    void find(const float* all, int rows, int row, int column_count) {
        constexpr int kRows = Simd::kGradientRows;
        const float zeros[kBlock] = {};
        const float* in[kRows];
        for (int r = 0; r < kRows; ++r) in[r] = row + r < rows ? all + (row + r) * kBlock : zeros;
        count = 0;
        for (int j = 0; j < column_count; ++j) {
            float* out = weights + count * kRows;
            float any = 0;
#pragma GCC unroll 8
            for (int r = 0; r < kRows; ++r) {
                out[r] = in[r][j];
                any += out[r] * out[r];
            }
            columns[count] = j;
            count += any != 0;
        }
    }
};

inline void prefetch(const float* x, int count) {
    for (int i = 0; i < count; i += kLine) _mm_prefetch(reinterpret_cast<const char*>(x + i), _MM_HINT_T0);
}

template <Form form>
inline void gradient_tile(const Active& active, const float* const* a, const float* b, int64_t stride,
                          float* const* out) {
    constexpr int kRows = Simd::kGradientRows, kVectors = Simd::kGradientVectors;
    Simd::Floats own[kRows][kVectors], total[kRows][kVectors];
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
        for (int v = 0; v < kVectors; ++v) {
            own[r][v] = Simd::load(a[r] + Simd::kFloats * v);
            total[r][v] = Simd::zero();
        }
    }
    for (int c = 0; c < active.count; ++c) {
        const float* row = b + active.columns[c] * stride;
        const float* weights = active.weights + c * kRows;
        Simd::Floats other[kVectors];
#pragma GCC unroll 2
        for (int v = 0; v < kVectors; ++v) other[v] = Simd::load(row + Simd::kFloats * v);
#pragma GCC unroll 8
        for (int r = 0; r < kRows; ++r) {
            const Simd::Floats weight = Simd::broadcast(weights + r);
#pragma GCC unroll 2
            for (int v = 0; v < kVectors; ++v) {
                const Simd::Floats difference = Simd::sub(own[r][v], other[v]);
                total[r][v] =
                    Simd::fma(weight, form == Form::kSquares ? difference : Simd::sign(difference), total[r][v]);
            }
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
        for (int v = 0; v < kVectors; ++v) {
            float* at = out[r] + Simd::kFloats * v;
            Simd::store(at, Simd::add(Simd::load(at), total[r][v]));
        }
    }
}

template <Form form>
void gradient(const float* weights, const float* a, int rows, const float* b, int columns, int64_t width,
              int64_t stride, float* out) {
    constexpr int kRows = Simd::kGradientRows, kWidth = Simd::kGradientVectors * Simd::kFloats;
    static_assert(mien::BlockKernels::kGradientWidth % kWidth == 0);
    constexpr int kGroups = (kBlock + kRows - 1) / kRows;
    Active active[kGroups];
    for (int g = 0; g * kRows < rows; ++g) active[g].find(weights, rows, g * kRows, columns);
    float unused[kWidth] = {};
    // The same columns of all rows of b stay in the first cache for all groups of rows. Rows lie too far apart for the
    // processor to see them coming, so each group asks for what the next ones need: 1.5 times as fast at d = 512.
    for (int64_t k = 0; k < width; k += kWidth) {
        for (int g = 0; g * kRows < rows; ++g) {
            for (int j = g * columns * kRows / rows; j < (g + 1) * columns * kRows / rows && j < columns; ++j) {
                prefetch(b + j * stride + k + kWidth, kWidth);
            }
            if (active[g].count == 0) continue;
            const float* own[kRows];
            float* to[kRows];
            for (int r = 0; r < kRows; ++r) {
                const int row = g * kRows + r;
                own[r] = a + (row < rows ? row : rows - 1) * stride + k;
                to[r] = row < rows ? out + row * stride + k : unused;
                if (row + kRows >= rows) continue;
                prefetch(own[r] + kRows * stride, kWidth);
                prefetch(to[r] + kRows * stride, kWidth);
            }
            gradient_tile<form>(active[g], own, b + k, stride, to);
        }
    }
}

template <Form form>
void row_gradient(const float* weights, const int32_t* columns, int count, const float* a, const float* b,
                  int64_t width, int64_t stride, float* out) {
    constexpr int kWidth = mien::BlockKernels::kGradientWidth, kVectors = kWidth / Simd::kFloats;
    for (int64_t k = 0; k < width; k += kWidth) {
        Simd::Floats own[kVectors], total[kVectors];
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) {
            own[v] = Simd::load(a + k + Simd::kFloats * v);
            total[v] = Simd::load(out + k + Simd::kFloats * v);
        }
        for (int c = 0; c < count; ++c) {
            const float* other = b + columns[c] * stride + k;
            const Simd::Floats weight = Simd::set(weights[c]);
#pragma GCC unroll 4
            for (int v = 0; v < kVectors; ++v) {
                const Simd::Floats difference = Simd::sub(own[v], Simd::load(other + Simd::kFloats * v));
                total[v] = Simd::fma(weight, form == Form::kSquares ? difference : Simd::sign(difference), total[v]);
            }
        }
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) Simd::store(out + k + Simd::kFloats * v, total[v]);
    }
}

template <bool embedded>
constexpr mien::BlockKernels block_kernels() {
    return {kPanel,
            block_sums<Form::kSquares, embedded>,
            block_sums<Form::kAbsolutes, embedded>,
            extremes<true>,
            extremes<false>,
            collect<true>,
            collect<false>,
            between,
            within,
            least_above,
            ranks,
            weigh,
            scale,
            combine,
            transpose,
            pair_sums<Form::kSquares>,
            pair_sums<Form::kAbsolutes>,
            gradient<Form::kSquares>,
            gradient<Form::kAbsolutes>,
            row_gradient<Form::kSquares>,
            row_gradient<Form::kAbsolutes>};
}

}  // namespace
