#pragma once

// The negatives of one anchor over a strip of fast sums: all sums at once, so that the nearest negative beyond a
// positive is a scan. What the sums cannot tell apart is settled by exact distances.

#include <vector>

#include "kernels.h"
#include "packed_problem.h"
#include "parallel.h"
#include "scratch.h"

namespace mien::fast {

class StripSelection {
public:
    StripSelection(const PackedProblem& packed, double margin, int semantics)
        : packed_(packed), p_(packed.problem()), bounds_(packed.bounds()), margin_(margin), semantics_(semantics) {}

    // Looks at an anchor with its sums (padded_references) and overwrites those that are no negative's.
    void look_at(int64_t position, float* sums);

    // The negative of each positive in order of rows, -1 for a skipped pair; false if the bounds leave one open.
    bool semi_hard(std::vector<int32_t>& negatives);

    // The nearest positive with its nearest semi-hard negative, -1 for none; false if the bounds leave one open.
    bool easy_positive(int32_t* positive, int32_t* negative);

private:
    struct Positive {
        float sum;
        int32_t row;
    };
    enum class Inside { kYes, kNo, kUnknown };

    int32_t choose(const Positive& positive, float least) const;
    int32_t choose_exactly(const Positive& positive, const int32_t* positions, int count) const;
    Inside within_margin(float positive, float negative) const;
    int32_t farthest() const;
    float threshold(const Positive& positive) const;

    const PackedProblem& packed_;
    const MiningProblem& p_;
    const Bounds& bounds_;
    double margin_;
    int semantics_;
    std::vector<Positive> positives_;
    int32_t anchor_ = 0;
    mutable int32_t farthest_ = -1;
    float* sums_ = nullptr;
};

// body(position, sums) for every valid anchor, strip by strip on all threads.
template <typename Body>
void for_each_strip_row(const PackedProblem& packed, Body body) {
    const MiningProblem& p = packed.problem();
    const double work = static_cast<double>(p.n) * static_cast<double>(p.m) * static_cast<double>(p.d);
    parallel_tasks(packed.strips(), work / 16, [&](int64_t strip) {
        const Scratch<float> sums(packed.kernels().panel * packed.strip_stride());
        packed.strip_sums(strip, sums.get());
        for (int64_t a = packed.strip_begin(strip); a < packed.strip_end(strip); ++a) {
            if (!is_valid(p, packed.anchor_at(a))) continue;
            body(a, sums.get() + (a - packed.strip_begin(strip)) * packed.strip_stride());
        }
    });
}

}  // namespace mien::fast
