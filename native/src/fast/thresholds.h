#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "dispatch.h"
#include "fast/packed_problem.h"
#include "fast/sorted_rows.h"
#include "parallel.h"
#include "scratch.h"

namespace mien {

// Per anchor the thresholds dp + margin, rising, and what the sums must pass to be beyond them.
class Thresholds {
public:
    Thresholds(const PackedProblem& packed, const SortedRows& rows, double margin)
        : packed_(packed),
          begin_(offsets(packed)),
          exact_(begin_.back()),
          distance_(begin_.back()),
          low_(begin_.back()),
          high_(begin_.back()),
          position_(begin_.back()) {
        const int64_t n = packed.problem().n;
        const double work = static_cast<double>(begin_.back()) * static_cast<double>(rows.stride());
        parallel_tasks((n + kTogether - 1) / kTogether, work, [&](int64_t task) {
            const int64_t last = std::min(n, (task + 1) * kTogether);
            for (int64_t at = task * kTogether; at < last;) {
                const int64_t end = std::min(last, packed.class_last(at));
                fill(rows, margin, at, end);
                at = end;
            }
        });
    }

    // One for each positive.
    int count(int64_t anchor) const {
        return static_cast<int>(packed_.class_last(anchor) - packed_.class_first(anchor)) - 1;
    }
    // A power of two above the number of thresholds, for search.
    int32_t size(int64_t anchor) const { return static_cast<int32_t>(begin(anchor + 1) - begin(anchor)); }
    const float* low(int64_t anchor) const { return low_.get() + begin(anchor); }
    const float* high(int64_t anchor) const { return high_.get() + begin(anchor); }
    const double* exact(int64_t anchor) const { return exact_.get() + begin(anchor); }
    // Where there are any.
    double largest(int64_t anchor) const { return exact(anchor)[count(anchor) - 1]; }
    // How many of the anchor's thresholds are above a distance: the triplets that it violates as a negative. Without a
    // branch to mispredict: halves, then counts.
    int above(int64_t anchor, double distance) const {
        const double* at = exact(anchor);
        int64_t left = size(anchor), below = 0;
        for (; left > 16; left /= 2) at += (at[left / 2 - 1] <= distance) * (left / 2);
        for (int64_t i = 0; i < left; ++i) below += at[i] <= distance;
        return count(anchor) - static_cast<int>(at - exact(anchor) + below);
    }
    // Whether a distance that so many are above lies within the slack of one of them.
    bool is_near(int64_t anchor, int above, double distance, double slack) const {
        const double* all = exact(anchor);
        const int below = count(anchor) - above;
        return (all[below] <= distance + slack) | ((below > 0) & (all[std::max(0, below - 1)] >= distance - slack));
    }
    // The distances that the thresholds lie the margin beyond.
    const double* distance(int64_t anchor) const { return distance_.get() + begin(anchor); }
    // Position of the positive of each threshold.
    const int32_t* position(int64_t anchor) const { return position_.get() + begin(anchor); }
    int64_t begin(int64_t anchor) const { return begin_[static_cast<size_t>(anchor)]; }

    // Where the thresholds of each anchor begin, and the number of all.
    static std::vector<int64_t> offsets(const PackedProblem& packed) {
        const int64_t n = packed.problem().n;
        std::vector<int64_t> begin(static_cast<size_t>(n) + 1);
        for (int64_t a = 0; a < n; ++a) {
            const int64_t positives = packed.class_last(a) - packed.class_first(a) - 1;
            begin[static_cast<size_t>(a) + 1] = begin[static_cast<size_t>(a)] + power_above(positives);
        }
        return begin;
    }

private:
    static constexpr int kTogether = 16;  // anchors of one call of exact_rows

    static int32_t power_above(int64_t count) {
        int32_t power = 1;
        while (power <= count) power *= 2;
        return power;
    }

    // The anchors first..last-1, of one class.
    void fill(const SortedRows& rows, double margin, int64_t first, int64_t last) {
        const int64_t of_class = packed_.class_first(first), count = packed_.class_last(first) - of_class;
        int32_t anchors[kTogether];
        for (int64_t a = first; a < last; ++a) anchors[a - first] = static_cast<int32_t>(a - of_class);
        const Scratch<double> distances((last - first) * count);
        kernels().exact_rows(rows.from(of_class, count), anchors, static_cast<int>(last - first), distances.get());
        for (int64_t a = first; a < last; ++a) {
            sort(margin, distances.get() + (a - first) * count, of_class, count, a);
        }
    }

    void sort(double margin, const double* distances, int64_t of_class, int64_t count, int64_t anchor) {
        std::vector<Ranked> ranked;
        for (int64_t j = 0; j < count; ++j) {
            if (of_class + j != anchor) ranked.push_back({distances[j], static_cast<int32_t>(of_class + j)});
        }
        std::sort(ranked.begin(), ranked.end());
        int64_t at = begin(anchor);
        for (const Ranked& positive : ranked) {
            const double threshold = positive.distance + margin;
            const double radius = radius_of(packed_.problem().distance, threshold);
            exact_[at] = threshold;
            distance_[at] = positive.distance;
            low_[at] = packed_.bounds().floor(radius);
            high_[at] = packed_.bounds().ceiling(radius);
            position_[at++] = positive.row;
        }
        for (; at < begin(anchor + 1); ++at) {
            exact_[at] = std::numeric_limits<double>::infinity();
            low_[at] = high_[at] = std::numeric_limits<float>::infinity();
            position_[at] = -1;
        }
    }

    const PackedProblem& packed_;
    std::vector<int64_t> begin_;
    Scratch<double> exact_, distance_;
    Scratch<float> low_, high_;
    Scratch<int32_t> position_;
};

}  // namespace mien
