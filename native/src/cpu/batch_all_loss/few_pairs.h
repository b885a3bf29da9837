#pragma once

#include <algorithm>
#include <limits>

#include "dispatch.h"
#include "fast/packed_problem.h"
#include "fast/sorted_rows.h"
#include "fast/thresholds.h"
#include "scratch.h"

namespace mien {

// The largest fast sum at which a negative may violate a triplet of the anchor at each position, up to the end of the
// last block; -infinity where there is no positive.
class ViolatingSums {
public:
    ViolatingSums(const PackedProblem& packed, const Thresholds& thresholds) : limits_(packed.padded_references()) {
        const MiningProblem& p = packed.problem();
        for (int64_t a = 0; a < packed.padded_references(); ++a) {
            const bool none = a >= p.n || thresholds.count(a) == 0;
            limits_[a] = none ? -std::numeric_limits<float>::infinity()
                              : packed.bounds().ceiling(radius_of(p.distance, thresholds.largest(a)));
        }
    }
    const float* from(int64_t position) const { return limits_.get() + position; }

private:
    Scratch<float> limits_;
};

// The pairs of two blocks that violate triplets, where they are few.
class FewPairs {
public:
    // With more of them than 1 in 12 whole blocks take less time.
    static constexpr int kMost = 768;

    // The pairs as one of the two blocks sees them, in order of its rows.
    struct Side {
        int32_t rows[kMost], others[kMost];  // within their blocks
        int32_t weights[kMost];              // triplets that the row, as an anchor, loses by the other
        double distances[kMost];             // in float64
        int32_t all_weights[kMost];          // and those that the other loses by the row
    };

    int count() const { return count_; }
    const Side& first() const { return first_; }
    const Side& second() const { return second_; }

    // Lists the negatives at or below the limits among the sums (kBlock, kBlock) of two blocks, each pair once; false
    // if these are too many.
    bool find(const PackedProblem& packed, const ViolatingSums& limits, int64_t block, int64_t other,
              const float* sums) {
        constexpr float kNone = std::numeric_limits<float>::infinity();
        count_ = 0;
        const int64_t low = other * kBlock;
        const int columns = packed.anchors().rows(other);
        const auto column = [&](int64_t at) { return std::clamp<int64_t>(at - low, 0, columns); };
        for (int i = 0; i < packed.anchors().rows(block); ++i) {
            const int64_t anchor = block * kBlock + i;
            const int64_t positive = column(packed.class_first(anchor)), last = column(packed.class_last(anchor));
            const float* values = sums + i * kBlock;
            float negatives[kBlock];
            if (positive < last || columns < kBlock) {
                std::copy_n(values, kBlock, negatives);
                std::fill(negatives + positive, negatives + last, kNone);
                std::fill(negatives + columns, negatives + kBlock, kNone);
                // A block that meets itself holds each pair twice.
                if (block == other) std::fill_n(negatives, i, kNone);
                values = negatives;
            }
            const int found = packed.kernels().within(values, limits.from(low), *limits.from(anchor), kBlock,
                                                      first_.others + count_, kMost - count_);
            if (found < 0) return false;
            std::fill_n(first_.rows + count_, found, i);
            count_ += found;
        }
        return true;
    }

    // Keeps those that do violate triplets; what float64 alone leaves in doubt is computed again in the exact order.
    void settle(const SortedRows& rows, const Thresholds& thresholds, int64_t block, int64_t other) {
        int32_t anchors[kMost], others[kMost], of_others[kMost];
        double distances[kMost];
        for (int k = 0; k < count_; ++k) {
            anchors[k] = static_cast<int32_t>(block * kBlock + first_.rows[k]);
            others[k] = static_cast<int32_t>(other * kBlock + first_.others[k]);
        }
        rows.distances(anchors, others, count_, distances);
        int kept = 0;
        for (int k = 0; k < count_; ++k) {
            double distance = distances[k];
            int of_row = thresholds.above(anchors[k], distance), of_other = thresholds.above(others[k], distance);
            const double slack = rows.slack(distance);
            if (thresholds.is_near(anchors[k], of_row, distance, slack) ||
                thresholds.is_near(others[k], of_other, distance, slack)) {
                kernels().exact_pairs(rows.problem(), anchors + k, others + k, 1, &distance);
                of_row = thresholds.above(anchors[k], distance);
                of_other = thresholds.above(others[k], distance);
            }
            if (of_row + of_other == 0) continue;
            first_.rows[kept] = first_.rows[k];
            first_.others[kept] = first_.others[k];
            first_.distances[kept] = distance;
            first_.weights[kept] = of_row;
            first_.all_weights[kept] = of_row + of_other;
            of_others[kept++] = of_other;
        }
        count_ = kept;
        turn(of_others);
    }

private:
    // The second side: the first in order of the others.
    void turn(const int32_t* weights) {
        int next[kBlock + 1] = {};
        for (int k = 0; k < count_; ++k) ++next[first_.others[k] + 1];
        for (int j = 0; j < kBlock; ++j) next[j + 1] += next[j];
        for (int k = 0; k < count_; ++k) {
            const int to = next[first_.others[k]]++;
            second_.rows[to] = first_.others[k];
            second_.others[to] = first_.rows[k];
            second_.distances[to] = first_.distances[k];
            second_.weights[to] = weights[k];
            second_.all_weights[to] = first_.all_weights[k];
        }
    }

    int count_ = 0;
    Side first_, second_;
};

}  // namespace mien
