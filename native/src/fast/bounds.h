#pragma once

// How far a fast sum of blocks.h may be off, and what that allows to conclude.
//
// Radius: what sums are compared by: the distance itself for Manhattan and Euclidean, its root for squared Euclidean,
// the distance of the normalised rows for cosine. A pair of true radius r (up to the float64 rounding of the exact
// distance) has a fast radius within relative * r + absolute of it:
//  - a difference is rounded once, so its square is off by 2u and its magnitude by u (u = 2^-24); each addition, within
//  a
//    chunk and of chunks, adds u; half of it all remains under the root;
//  - squares that underflow lose at most 2^-125 each, root of d times 2^-62.5 together;
//  - rows normalised for cosine are rounded by u of their length each.
// A sum of products of rounded rows is off by what rounding took away from each of the two rows, which is a radius, and
// by `lost`, which is a sum: see Bounds::of_products.

#include <algorithm>
#include <cmath>
#include <limits>

#include "host_device.h"
#include "mien/mien.h"

namespace mien {

class Bounds {
public:
    // `scale` multiplies the packed rows, a power of two; `more` is what the radius of packed rows is off besides, and
    // `lost` what their sums are.
    MIEN_SHARED Bounds(int distance, int64_t d, int chunk, double scale, double more = 0, double lost = 0)
        : squares_(distance != kManhattan), scale_(scale), lost_(lost) {
        const double u = std::ldexp(1.0, -24), n = static_cast<double>(d);
        const double steps = 2 + std::min<double>(n, chunk) + std::ceil(n / chunk);
        // 1.01: products of errors; d * 2^-50: the float64 rounding of the exact distances.
        relative_ = 1.01 * steps * u * (squares_ ? 0.5 : 1) + n * std::ldexp(1.0, -50);
        absolute_ = squares_ ? std::sqrt(n) * std::ldexp(1.0, -62) : n * std::ldexp(1.0, -148);
        absolute_ += more;
        if (distance == kCosine) absolute_ += 2.02 * u;
        ratio_ = (1 + relative_) / (1 - relative_);
    }

    // Of the sums |a|^2 + |b|^2 - 2 a b of rows rounded to bfloat16, whose squares are at most `square` and which lost
    // `rounded` of their length, both rows together. Two products of a packed column are added to a chunk of at most
    // 2 chunk, in float32: u of the partial sums each, whose magnitudes together are at most `square`. Doubled, with 4
    // roundings of up to 4 `square` for each chunk and 4 for the squares.
    static Bounds of_products(int distance, int64_t d, int chunk, double scale, double square, double rounded) {
        const double u = std::ldexp(1.0, -24), pairs = std::ceil(static_cast<double>(d) / 2);
        const double steps = 4 * std::min<double>(pairs, chunk) + 4 * std::ceil(pairs / chunk) + 8;
        return {distance, d, chunk, scale, rounded + (distance == kCosine ? 2.1 * u : 0), 1.01 * steps * u * square};
    }

    // What the radius of packed rows may be off in all, where they are far apart.
    double absolute() const { return absolute_; }

    // The radius that a fast sum stands for.
    MIEN_SHARED double radius_of(float sum) const { return root(sum) / scale_; }

    // The least and the largest true radius of a pair with this fast sum.
    MIEN_SHARED double low(float sum) const {
        return std::max(0.0, (root(sum - lost_) - absolute_) / (1 + relative_)) / scale_;
    }
    MIEN_SHARED double high(float sum) const { return (root(sum + lost_) + absolute_) / (1 - relative_) / scale_; }

    // The largest fast sum that a pair with a true radius of at most r may have.
    MIEN_SHARED float ceiling(double r) const {
        return std::nextafter(sum(r * scale_ * (1 + relative_) + absolute_, lost_),
                              std::numeric_limits<float>::infinity());
    }
    // The least fast sum that a pair with a true radius of at least r may have.
    MIEN_SHARED float floor(double r) const {
        const double least = std::max(0.0, r * scale_ * (1 - relative_) - absolute_);
        return std::max(0.0f, std::nextafter(sum(least, -lost_), -1.0f));
    }

    // ceiling(high(sum)) and floor(low(sum)), or a little beyond, without their divisions: the limit for all other sums
    // where one sum is known.
    MIEN_SHARED float beyond(float s) const {
        const double r = (root(s + lost_) + absolute_) * ratio_ + absolute_;
        return static_cast<float>((power(r) + lost_) * kOutwards) + std::numeric_limits<float>::min();
    }
    MIEN_SHARED float before(float s) const {
        const double r = std::max(0.0, (root(s - lost_) - absolute_) / ratio_ - absolute_);
        return std::max(0.0f, static_cast<float>((power(r) - lost_) / kOutwards) - std::numeric_limits<float>::min());
    }

private:
    // More than the rounding to float32.
    static constexpr double kOutwards = 1 + 0x1p-22;

    MIEN_SHARED double root(double s) const { return squares_ ? std::sqrt(std::max(0.0, s)) : s; }
    MIEN_SHARED double power(double r) const { return squares_ ? r * r : r; }
    MIEN_SHARED float sum(double r, double more) const { return static_cast<float>(power(r) + more); }

    bool squares_;
    double scale_, lost_;
    double relative_, absolute_, ratio_;
};

// The radius of a distance in the units of mien::Distance.
MIEN_SHARED inline double radius_of(int distance, double value) {
    if (distance == kSquaredEuclidean) return std::sqrt(value);
    return distance == kCosine ? std::sqrt(2 * value) : value;
}

// The distance of a radius.
MIEN_SHARED inline double distance_of(int distance, double radius) {
    if (distance == kSquaredEuclidean) return radius * radius;
    return distance == kCosine ? 0.5 * radius * radius : radius;
}

}  // namespace mien
