#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "mining.h"

namespace mien {

// Counts, over the negatives of an anchor, the limits (one for each positive) that a distance stays below. A search
// among few limits for each negative is cheaper than sorting the many negatives.
class SortedLimits {
public:
    void clear() { limits_.clear(); }
    void add(double limit) { limits_.push_back(limit); }

    int64_t count_below(const MiningProblem& p, int64_t anchor, const double* row) {
        count_ = static_cast<int64_t>(limits_.size());
        std::sort(limits_.begin(), limits_.end());
        size_ = 1;
        while (size_ <= count_) size_ *= 2;
        limits_.resize(static_cast<size_t>(size_), std::numeric_limits<double>::infinity());
        int64_t total = 0;
        for_each_negative(p, anchor, [&](int32_t j) { total += count_ - up_to(row[j]); });
        return total;
    }

private:
    // Limits that are not above the distance: by halving, without a branch to mispredict.
    int64_t up_to(double distance) const {
        const double* at = limits_.data();
        for (int64_t step = size_ / 2; step > 0; step /= 2) at += at[step - 1] <= distance ? step : 0;
        return std::min(count_, static_cast<int64_t>(at - limits_.data()));
    }

    std::vector<double> limits_;
    int64_t count_ = 0, size_ = 1;
};

}  // namespace mien
