#pragma once

// How far the sums of a sweep may be off, and what that allows to conclude: fast/bounds.h, and for sums that are not
// differences but |a|^2 + |b|^2 - 2 a b, of rows rounded for tensor cores, what those lose besides.

#include "cuda/portable.h"
#include "fast/bounds.h"

namespace mien::cuda {

class SumBounds {
public:
    // Sums of differences of the rows.
    MIEN_SHARED SumBounds(int distance, int64_t d, double scale)
        : bounds_(distance, d, static_cast<int>(d), scale, 0), lost_(0) {}

    // Sums of products of rows with `bits` bits of mantissa, none longer than `reach`.
    //  - Each row is off by 2^-bits of its length, at most twice the reach together: a radius.
    //  - The products of such values are float32 exactly. Adding d of them and the squares of both rows takes d + 16
    //    roundings, each of the largest sum there is; tensor cores truncate, keeping two bits fewer than float32 has.
    MIEN_SHARED SumBounds(int distance, int64_t d, double scale, int bits, double reach)
        : bounds_(distance, d, static_cast<int>(d), scale, 2.02 * ldexp(reach, -bits)),
          lost_(4 * (static_cast<double>(d) + 16) * ldexp(reach * reach, -22)) {}

    // The limit for all other sums where one sum is known to be a nearest (farthest).
    MIEN_SHARED float beyond(float sum) const { return up(bounds_.beyond(up(sum))); }
    MIEN_SHARED float before(float sum) const { return down(bounds_.before(down(sum))); }

    // The largest (least) sum that a pair with a true radius of at most (at least) r may have.
    MIEN_SHARED float ceiling(double r) const { return up(bounds_.ceiling(r)); }
    MIEN_SHARED float floor(double r) const { return down(bounds_.floor(r)); }

private:
    // More than the rounding to float32.
    static constexpr double kOutwards = 1 + 0x1p-22;

    MIEN_SHARED float up(float sum) const { return lost_ == 0 ? sum : static_cast<float>((sum + lost_) * kOutwards); }
    MIEN_SHARED float down(float sum) const {
        const double least = (sum - lost_) / kOutwards;
        return lost_ == 0 ? sum : least > 0 ? static_cast<float>(least) : 0;
    }

    Bounds bounds_;
    double lost_;
};

}  // namespace mien::cuda
