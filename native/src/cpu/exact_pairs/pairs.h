#pragma once

// Exact distances of single pairs over a Simd (simd/<isa>.h), for <isa>.cc beside this file. Terms are computed along
// the columns of a row, then turned, so that lanes are pairs and each sum is added to in order of columns.

#include "kernels.h"
#include "mien/mien.h"
#include "mining.h"

namespace mien {
namespace {

// Sets of kDoubles pairs side by side: one alone waits for its additions.
constexpr int kSets = 2;
constexpr int kLanes = Simd::kDoubles;

template <int kDistance>
Simd::Doubles term(Simd::Doubles difference) {
    return kDistance == kManhattan ? Simd::abs(difference) : Simd::mul(difference, difference);
}

template <int kDistance>
double scalar_term(double difference) {
    return kDistance == kManhattan ? __builtin_fabs(difference) : difference * difference;
}

// Up to kSets * kLanes pairs of rows, and what they are divided by for cosine.
struct Pairs {
    const float* a[kSets * kLanes];
    const float* b[kSets * kLanes];
    double a_norms[kSets * kLanes], b_norms[kSets * kLanes];
};

template <int kDistance>
void sums_of(const Pairs& pairs, int64_t d, double* out) {
    Simd::Doubles total[kSets];
    for (auto& t : total) t = Simd::set_double(0);
    int64_t k = 0;
    for (; k + kLanes <= d; k += kLanes) {
#pragma GCC unroll 2
        for (int s = 0; s < kSets; ++s) {
            Simd::Doubles terms[kLanes];
#pragma GCC unroll 8
            for (int i = 0; i < kLanes; ++i) {
                const int pair = s * kLanes + i;
                Simd::Doubles x = Simd::load_as_doubles(pairs.a[pair] + k),
                              y = Simd::load_as_doubles(pairs.b[pair] + k);
                if (kDistance == kCosine) {
                    x = Simd::div(x, Simd::set_double(pairs.a_norms[pair]));
                    y = Simd::div(y, Simd::set_double(pairs.b_norms[pair]));
                }
                terms[i] = term<kDistance>(Simd::sub(x, y));
            }
            Simd::transpose(terms);
#pragma GCC unroll 8
            for (int i = 0; i < kLanes; ++i) total[s] = Simd::add(total[s], terms[i]);
        }
    }
    for (int s = 0; s < kSets; ++s) Simd::store_double(out + s * kLanes, total[s]);
    for (; k < d; ++k) {
        for (int i = 0; i < kSets * kLanes; ++i) {
            double x = pairs.a[i][k], y = pairs.b[i][k];
            if (kDistance == kCosine) {
                x /= pairs.a_norms[i];
                y /= pairs.b_norms[i];
            }
            out[i] += scalar_term<kDistance>(x - y);
        }
    }
}

template <int kDistance>
void pairs_of(const MiningProblem& p, const int32_t* anchors, const int32_t* rows, int count, double* out) {
    constexpr int kAll = kSets * kLanes;
    for (int first = 0; first < count; first += kAll) {
        Pairs pairs;
        for (int i = 0; i < kAll; ++i) {
            const int at = first + i < count ? first + i : count - 1;
            pairs.a[i] = p.x + anchors[at] * p.d;
            pairs.b[i] = p.y + rows[at] * p.d;
            pairs.a_norms[i] = kDistance == kCosine ? p.x_norms[anchors[at]] : 1;
            pairs.b_norms[i] = kDistance == kCosine ? p.y_norms[rows[at]] : 1;
        }
        double sums[kAll];
        sums_of<kDistance>(pairs, p.d, sums);
        for (int i = 0; i < kAll && first + i < count; ++i) {
            double value = sums[i];
            if (kDistance == kEuclidean) value = __builtin_sqrt(value);
            if (kDistance == kCosine) {
                // A zero row has divided to NaN.
                const bool is_zero = pairs.a_norms[i] == 0 || pairs.b_norms[i] == 0;
                value = is_zero ? 1 : value < 4 ? 0.5 * value : 2;
            }
            out[first + i] = value;
        }
    }
}

// A few are done sooner one by one.
constexpr int kFew = 4;

void exact_pairs_of(const MiningProblem& p, const int32_t* anchors, const int32_t* rows, int count, double* out) {
    if (count <= kFew) return serial::exact_pairs(p, anchors, rows, count, out);
    constexpr ExactPairsKernel pairs[] = {pairs_of<kEuclidean>, pairs_of<kSquaredEuclidean>, pairs_of<kManhattan>,
                                          pairs_of<kCosine>};
    pairs[p.distance](p, anchors, rows, count, out);
}

}  // namespace
}  // namespace mien
