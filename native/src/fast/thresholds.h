#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "dispatch.h"
#include "fast/packed_problem.h"
#include "parallel.h"
#include "scratch.h"

namespace mien {

// Per anchor the thresholds dp + margin, rising, and what the sums must pass to be beyond them.
class Thresholds {
public:
    Thresholds(const PackedProblem& packed, double margin)
        : begin_(offsets(packed)),
          exact_(begin_.back()),
          low_(begin_.back()),
          high_(begin_.back()),
          position_(begin_.back()) {
        const MiningProblem& p = packed.problem();
        const Scratch<float> rows(p.n * p.d);
        packed.copy_anchors(nullptr, p.d, rows.get());
        std::vector<double> norms(p.x_norms == nullptr ? 0 : static_cast<size_t>(p.n));
        for (size_t at = 0; at < norms.size(); ++at) norms[at] = p.x_norms[packed.anchor_at(static_cast<int64_t>(at))];
        const double work = static_cast<double>(begin_.back()) * static_cast<double>(p.d);
        parallel_tasks((p.n + kTogether - 1) / kTogether, work, [&](int64_t task) {
            const int64_t last = std::min(p.n, (task + 1) * kTogether);
            for (int64_t at = task * kTogether; at < last;) {
                const int64_t end = std::min(last, packed.class_last(at));
                fill(packed, margin, rows.get(), norms.data(), at, end);
                at = end;
            }
        });
    }

    // A power of two above the number of thresholds, for search.
    int32_t size(int64_t anchor) const { return static_cast<int32_t>(begin(anchor + 1) - begin(anchor)); }
    const float* low(int64_t anchor) const { return low_.get() + begin(anchor); }
    const float* high(int64_t anchor) const { return high_.get() + begin(anchor); }
    const double* exact(int64_t anchor) const { return exact_.get() + begin(anchor); }
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

    // The anchors first..last-1, of one class. rows and norms: in order of positions.
    void fill(const PackedProblem& packed, double margin, const float* rows, const double* norms, int64_t first,
              int64_t last) {
        const MiningProblem& p = packed.problem();
        const int64_t of_class = packed.class_first(first), count = packed.class_last(first) - of_class;
        MiningProblem own = p;
        own.x = own.y = rows + of_class * p.d;
        own.n = own.m = count;
        if (p.x_norms != nullptr) own.x_norms = own.y_norms = norms + of_class;
        int32_t anchors[kTogether];
        for (int64_t a = first; a < last; ++a) anchors[a - first] = static_cast<int32_t>(a - of_class);
        const Scratch<double> distances((last - first) * count);
        kernels().exact_rows(own, anchors, static_cast<int>(last - first), distances.get());
        for (int64_t a = first; a < last; ++a) {
            sort(packed, margin, distances.get() + (a - first) * count, of_class, count, a);
        }
    }

    void sort(const PackedProblem& packed, double margin, const double* distances, int64_t of_class, int64_t count,
              int64_t anchor) {
        std::vector<Ranked> ranked;
        for (int64_t j = 0; j < count; ++j) {
            if (of_class + j != anchor) ranked.push_back({distances[j], static_cast<int32_t>(of_class + j)});
        }
        std::sort(ranked.begin(), ranked.end());
        int64_t at = begin(anchor);
        for (const Ranked& positive : ranked) {
            const double threshold = positive.distance + margin;
            const double radius = radius_of(packed.problem().distance, threshold);
            exact_[at] = threshold;
            low_[at] = packed.bounds().floor(radius);
            high_[at] = packed.bounds().ceiling(radius);
            position_[at++] = positive.row;
        }
        for (; at < begin(anchor + 1); ++at) {
            exact_[at] = std::numeric_limits<double>::infinity();
            low_[at] = high_[at] = std::numeric_limits<float>::infinity();
            position_[at] = -1;
        }
    }

    std::vector<int64_t> begin_;
    Scratch<double> exact_;
    Scratch<float> low_, high_;
    Scratch<int32_t> position_;
};

}  // namespace mien
