#pragma once

// The negatives of one anchor over a strip of fast sums: all sums at once, so that the nearest negative beyond a
// positive is a scan. What the sums cannot tell apart is settled by exact distances.

#include <vector>

#include "exact_pairs.h"
#include "fast/packed_problem.h"
#include "fast/sum_order.h"
#include "kernels.h"
#include "parallel.h"
#include "scratch.h"

namespace mien::fast {

class StripSelection {
public:
    StripSelection(const PackedProblem& packed, double margin, int semantics)
        : packed_(packed),
          p_(packed.problem()),
          bounds_(packed.bounds()),
          margin_(margin),
          semantics_(semantics),
          pairs_(p_) {}

    // Looks at an anchor with its sums (padded_references) and overwrites those that are no negative's.
    void look_at(int64_t position, float* sums);

    // The negative of each positive in order of rows, -1 for a skipped pair; false if the bounds leave one open.
    bool semi_hard(std::vector<int32_t>& negatives);

    // The nearest positive with its nearest semi-hard negative, -1 for none; false if the bounds leave one open.
    bool easy_positive(int32_t* positive, int32_t* negative);

private:
    static constexpr int32_t kUnresolved = -2, kPending = -3;
    // The pairs begin..end-1: the candidates, then the positive itself.
    struct Pending {
        int begin, end;
    };
    struct Positive {
        float sum;
        int32_t row;
    };
    enum class Inside { kYes, kNo, kUnknown };

    // The least sum above each of up to kThresholds thresholds, infinity if there is none.
    void find_above(const float* thresholds, size_t count, float* least) const;
    // Positions of the sums in low..high, at most `most`; their number, or -1 if there are more.
    int find_between(float low, float high, int32_t* positions, int most) const;
    void sort_sums();

    // The negative of a positive, -1 for none or kUnresolved; or kPending, with its candidates among pairs_.
    int32_t choose(const Positive& positive, float least);
    // What is pending, once the pairs are computed.
    int32_t choose_exactly(int pending);
    Inside within_margin(float positive, float negative) const;
    int32_t farthest();
    float threshold(const Positive& positive) const;

    const PackedProblem& packed_;
    const MiningProblem& p_;
    const Bounds& bounds_;
    double margin_;
    int semantics_;
    std::vector<Positive> positives_;
    ExactPairs pairs_;
    std::vector<Pending> pending_;
    std::vector<SumOrder::Entry> sorted_;  // the finite sums, rising; empty where scans are cheaper
    SumOrder order_;
    int32_t anchor_ = 0;
    int32_t farthest_ = -1;
    float* sums_ = nullptr;
};

// body(selection, anchor) for every valid anchor, at which the selection looks, strip by strip on all threads.
template <typename Body>
void for_each_selection(const PackedProblem& packed, double margin, int semantics, Body body) {
    const MiningProblem& p = packed.problem();
    const double work = static_cast<double>(p.n) * static_cast<double>(p.m) * static_cast<double>(p.d);
    parallel_tasks(packed.strips(), work / 16, [&](int64_t strip) {
        const Scratch<float> sums(packed.kernels().panel * packed.strip_stride());
        packed.strip_sums(strip, sums.get());
        StripSelection selection(packed, margin, semantics);
        for (int64_t a = packed.strip_begin(strip); a < packed.strip_end(strip); ++a) {
            if (!is_valid(p, packed.anchor_at(a))) continue;
            selection.look_at(a, sums.get() + (a - packed.strip_begin(strip)) * packed.strip_stride());
            body(selection, packed.anchor_at(a));
        }
    });
}

}  // namespace mien::fast
