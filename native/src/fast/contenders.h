#pragma once

// Per anchor, the references that may still be among its k nearest (or k farthest) for all the fast sums can tell.
//
// Sums are offered in any order, by one thread at a time for an anchor. An anchor whose list overflows, because more
// sums than fit lie within the error bound of the k-th, is left unresolved: a caller settles it by exact distances.

#include <algorithm>
#include <cstdint>
#include <limits>

#include "fast/bounds.h"
#include "scratch.h"

namespace mien {

struct Contender {
    float sum;
    int32_t position;
};

class Contenders {
public:
    // Most contenders of one anchor are `capacity`, or more where k ranks need more.
    Contenders(int64_t anchors, int64_t k, bool nearest, const Bounds& bounds, int64_t capacity)
        : k_(static_cast<int>(k)),
          capacity_(static_cast<int>(std::max(capacity, 4 * k))),
          nearest_(nearest),
          bounds_(bounds),
          limit_(anchors),
          size_(anchors),
          entries_(anchors * capacity_) {
        const float far = std::numeric_limits<float>::infinity();
        std::fill_n(limit_.get(), anchors, nearest ? far : -far);
        std::fill_n(size_.get(), anchors, 0);
    }

    bool nearest() const { return nearest_; }

    // What a sum must not pass to be a contender still.
    float limit(int64_t anchor) const { return limit_[anchor]; }
    bool admits(int64_t anchor, float sum) const { return nearest_ ? sum <= limit(anchor) : sum >= limit(anchor); }

    // Some reference of the anchor has this sum: with k = 1 that bounds all the others at once.
    void expect(int64_t anchor, float sum) {
        if (k_ == 1) tighten(anchor, sum);
    }

    void offer(int64_t anchor, float sum, int32_t position) {
        if (!admits(anchor, sum)) return;
        int32_t& size = size_[anchor];
        if (size == capacity_) prune(anchor);
        if (size < 0 || !admits(anchor, sum)) return;
        entries(anchor)[size++] = {sum, position};
    }

    bool resolved(int64_t anchor) const { return size_[anchor] >= 0; }

    // Drops what has fallen behind since; returns how many remain, in no order.
    int finish(int64_t anchor, const Contender** out) {
        if (size_[anchor] > 0) shrink(anchor);
        *out = entries(anchor);
        return size_[anchor];
    }

private:
    Contender* entries(int64_t anchor) { return entries_.get() + anchor * capacity_; }

    void tighten(int64_t anchor, float sum) {
        float& limit = limit_[anchor];
        limit = nearest_ ? std::min(limit, bounds_.beyond(sum)) : std::max(limit, bounds_.before(sum));
    }

    void shrink(int64_t anchor) {
        int32_t& size = size_[anchor];
        Contender* const list = entries(anchor);
        // With k = 1 the limit is as tight already: see expect.
        if (k_ > 1 && size >= k_) {
            std::nth_element(list, list + k_ - 1, list + size, [this](const Contender& a, const Contender& b) {
                return nearest_ ? a.sum < b.sum : a.sum > b.sum;
            });
            tighten(anchor, list[k_ - 1].sum);
        }
        Contender* const end =
            std::remove_if(list, list + size, [&](const Contender& c) { return !admits(anchor, c.sum); });
        size = static_cast<int32_t>(end - list);
    }

    void prune(int64_t anchor) {
        shrink(anchor);
        int32_t& size = size_[anchor];
        if (size < capacity_) return;
        size = -1;
        const float far = std::numeric_limits<float>::infinity();
        limit_[anchor] = nearest_ ? -far : far;
    }

    int k_, capacity_;
    bool nearest_;
    const Bounds& bounds_;
    Scratch<float> limit_;
    Scratch<int32_t> size_;
    Scratch<Contender> entries_;
};

}  // namespace mien
