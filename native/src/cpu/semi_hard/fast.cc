// Semi-hard negatives over strips of fast sums: all sums of an anchor at once, so that the nearest negative beyond each
// positive is a scan. What the sums cannot tell apart is settled by exact distances.

#include <algorithm>
#include <limits>
#include <vector>

#include "exact_pairs.h"
#include "kernels.h"
#include "packed_problem.h"
#include "parallel.h"

namespace mien::fast {
namespace {

constexpr float kFar = std::numeric_limits<float>::infinity();
constexpr int kUnresolved = -2;
// More candidates for one pair than this are left to the exact selection of the whole anchor.
constexpr int kMostCandidates = 64;
// The rounding of dp + margin and of the bounds.
constexpr double kSlack = 1e-14;

class Selection {
public:
    Selection(const PackedProblem& packed, const SemiHardRule& rule)
        : packed_(packed), p_(packed.problem()), bounds_(packed.bounds()), rule_(rule) {}

    // The negatives of the anchor's positives, as serial::semi_hard_row writes them; false if the bounds leave one
    // open. Overwrites the sums that are no negative's.
    bool select(int64_t position, float* sums, std::vector<int32_t>& negatives) {
        position_ = position;
        anchor_ = packed_.anchor_at(position);
        sums_ = sums;
        farthest_ = -1;
        take_positives();
        negatives.resize(positives_.size());
        for (size_t first = 0; first < positives_.size(); first += BlockKernels::kThresholds) {
            const size_t count = std::min<size_t>(BlockKernels::kThresholds, positives_.size() - first);
            float thresholds[BlockKernels::kThresholds], least[BlockKernels::kThresholds];
            for (size_t t = 0; t < BlockKernels::kThresholds; ++t) {
                const float sum = positives_[first + std::min(t, count - 1)].sum;
                thresholds[t] = bounds_.ceiling(bounds_.high(sum));
            }
            packed_.kernels().least_above(sums_, packed_.padded_references(), thresholds, least);
            for (size_t t = 0; t < count; ++t) {
                const int32_t chosen = choose(positives_[first + t], least[t]);
                if (chosen == kUnresolved) return false;
                negatives[first + t] = chosen;
            }
        }
        return true;
    }

private:
    struct Positive {
        float sum;
        int32_t row;
    };

    // Copies the sums of the positives out and puts them, and the anchor itself, out of reach of the scans.
    void take_positives() {
        const int64_t first = packed_.class_first(position_), last = packed_.class_last(position_);
        const int64_t self = packed_.self(position_);
        positives_.clear();
        for (int64_t j = first; j < last; ++j) {
            if (j != self) positives_.push_back({sums_[j], packed_.reference_at(j)});
        }
        std::fill(sums_ + first, sums_ + last, kFar);
        if (self >= 0) sums_[self] = kFar;
    }

    // `least` is the least sum that is certainly farther than the positive.
    int32_t choose(const Positive& positive, float least) {
        const float low = bounds_.floor(bounds_.low(positive.sum));
        const float high = least == kFar ? std::numeric_limits<float>::max() : bounds_.ceiling(bounds_.high(least));
        int32_t found[kMostCandidates];
        const int count =
            packed_.kernels().between(sums_, packed_.padded_references(), low, high, found, kMostCandidates);
        if (count < 0) return kUnresolved;
        if (count == 1 && least != kFar) {
            const Inside inside = within_margin(positive.sum, least);
            if (inside != Inside::kUnknown) return inside == Inside::kYes ? packed_.reference_at(*found) : -1;
        }
        return choose_exactly(positive, found, count);
    }

    enum class Inside { kYes, kNo, kUnknown };

    // Whether a negative farther than the positive is within reach of it.
    Inside within_margin(float positive, float negative) const {
        if (rule_.semantics == kTfa) return Inside::kYes;
        const auto distance = [&](double radius) { return distance_of(p_.distance, radius); };
        if (distance(bounds_.high(negative)) * (1 + kSlack) <
            (distance(bounds_.low(positive)) + rule_.margin) * (1 - kSlack)) {
            return Inside::kYes;
        }
        return distance(bounds_.low(negative)) * (1 - kSlack) >
                       (distance(bounds_.high(positive)) + rule_.margin) * (1 + kSlack)
                   ? Inside::kNo
                   : Inside::kUnknown;
    }

    int32_t choose_exactly(const Positive& positive, const int32_t* positions, int count) {
        int32_t rows[kMostCandidates + 1];
        double distances[kMostCandidates + 1];
        for (int i = 0; i < count; ++i) rows[i] = packed_.reference_at(positions[i]);
        rows[count] = positive.row;
        exact_pairs(p_, anchor_, rows, count + 1, distances);
        const double own = distances[count];
        Ranked best{std::numeric_limits<double>::infinity(), -1};
        for (int i = 0; i < count; ++i) {
            const Ranked candidate{distances[i], rows[i]};
            if (candidate.distance > own && (best.row < 0 || candidate < best)) best = candidate;
        }
        if (rule_.semantics == kTfa) return best.row >= 0 ? best.row : farthest();
        return best.row >= 0 && best.distance < own + rule_.margin ? best.row : -1;
    }

    // The farthest negative, for positives beyond all of them: once per anchor.
    int32_t farthest() {
        if (farthest_ != -1) return farthest_;
        float most = -1;
        for (int64_t j = 0; j < p_.m; ++j) most = sums_[j] != kFar && sums_[j] > most ? sums_[j] : most;
        int32_t found[kMostCandidates], rows[kMostCandidates];
        double distances[kMostCandidates];
        const int count =
            packed_.kernels().between(sums_, packed_.padded_references(), bounds_.floor(bounds_.low(most)),
                                      std::numeric_limits<float>::max(), found, kMostCandidates);
        if (count < 0) return farthest_ = kUnresolved;
        for (int i = 0; i < count; ++i) rows[i] = packed_.reference_at(found[i]);
        exact_pairs(p_, anchor_, rows, count, distances);
        int best = 0;
        for (int i = 1; i < count; ++i) {
            const bool tied = distances[i] == distances[best];
            if (distances[i] > distances[best] || (tied && rows[i] < rows[best])) best = i;
        }
        return farthest_ = rows[best];
    }

    const PackedProblem& packed_;
    const MiningProblem& p_;
    const Bounds& bounds_;
    const SemiHardRule& rule_;
    std::vector<Positive> positives_;
    int64_t position_ = 0;
    int32_t anchor_ = 0, farthest_ = -1;
    float* sums_ = nullptr;
};

}  // namespace

std::vector<char> semi_hard(const MiningProblem& p, const SemiHardRule& rule, const BlockKernels& kernels,
                            const EmitNegatives& emit) {
    const PackedProblem packed(p, kernels);
    std::vector<char> open(static_cast<size_t>(p.n));
    const double work = static_cast<double>(p.n) * static_cast<double>(p.m) * static_cast<double>(p.d);
    parallel_tasks(packed.strips(), work / 16, [&](int64_t strip) {
        const Scratch<float> sums(kernels.panel * packed.strip_stride());
        packed.strip_sums(strip, sums.get());
        Selection selection(packed, rule);
        std::vector<int32_t> negatives;
        for (int64_t a = packed.strip_begin(strip); a < packed.strip_end(strip); ++a) {
            const int32_t anchor = packed.anchor_at(a);
            if (!is_valid(p, anchor)) continue;
            float* row = sums.get() + (a - packed.strip_begin(strip)) * packed.strip_stride();
            if (selection.select(a, row, negatives)) {
                emit(anchor, negatives.data());
            } else {
                open[static_cast<size_t>(anchor)] = 1;
            }
        }
    });
    return open;
}

}  // namespace mien::fast
