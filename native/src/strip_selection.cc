#include "strip_selection.h"

#include <algorithm>
#include <limits>

#include "exact_pairs.h"

namespace mien::fast {
namespace {

constexpr float kFar = std::numeric_limits<float>::infinity();
constexpr int kUnresolved = -2;
// More candidates for one pair than this are left to the exact selection of the whole anchor.
constexpr int kMostCandidates = 64;
// The rounding of dp + margin and of the bounds.
constexpr double kSlack = 1e-14;

}  // namespace

void StripSelection::look_at(int64_t position, float* sums) {
    anchor_ = packed_.anchor_at(position);
    sums_ = sums;
    farthest_ = -1;
    const int64_t first = packed_.class_first(position), last = packed_.class_last(position);
    const int64_t self = packed_.self(position);
    positives_.clear();
    for (int64_t j = first; j < last; ++j) {
        if (j != self) positives_.push_back({sums_[j], packed_.reference_at(j)});
    }
    // Out of reach of the scans.
    std::fill(sums_ + first, sums_ + last, kFar);
    if (self >= 0) sums_[self] = kFar;
}

// What is above it is certainly farther than the positive.
float StripSelection::threshold(const Positive& positive) const { return bounds_.ceiling(bounds_.high(positive.sum)); }

bool StripSelection::semi_hard(std::vector<int32_t>& negatives) {
    negatives.resize(positives_.size());
    for (size_t first = 0; first < positives_.size(); first += BlockKernels::kThresholds) {
        const size_t count = std::min<size_t>(BlockKernels::kThresholds, positives_.size() - first);
        float thresholds[BlockKernels::kThresholds], least[BlockKernels::kThresholds];
        for (size_t t = 0; t < BlockKernels::kThresholds; ++t) {
            thresholds[t] = threshold(positives_[first + std::min(t, count - 1)]);
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

bool StripSelection::easy_positive(int32_t* positive, int32_t* negative) {
    float least = kFar;
    for (const Positive& p : positives_) least = std::min(least, p.sum);
    const float limit = bounds_.ceiling(bounds_.high(least));
    int32_t rows[kMostCandidates];
    Positive candidates[kMostCandidates];
    int count = 0;
    for (const Positive& p : positives_) {
        if (p.sum > limit) continue;
        if (count == kMostCandidates) return false;
        candidates[count] = p;
        rows[count++] = p.row;
    }
    int best = 0;
    if (count > 1) {
        double distances[kMostCandidates];
        exact_pairs(p_, anchor_, rows, count, distances);
        // Positives are in order of rows, so that the first of equals is the lowest.
        best = static_cast<int>(std::min_element(distances, distances + count) - distances);
    }
    float thresholds[BlockKernels::kThresholds], above[BlockKernels::kThresholds];
    std::fill_n(thresholds, BlockKernels::kThresholds, threshold(candidates[best]));
    packed_.kernels().least_above(sums_, packed_.padded_references(), thresholds, above);
    *positive = candidates[best].row;
    *negative = choose(candidates[best], above[0]);
    return *negative != kUnresolved;
}

// `least` is the least sum that is certainly farther than the positive.
int32_t StripSelection::choose(const Positive& positive, float least) const {
    const float low = bounds_.floor(bounds_.low(positive.sum));
    const float high = least == kFar ? std::numeric_limits<float>::max() : bounds_.ceiling(bounds_.high(least));
    int32_t found[kMostCandidates];
    const int count = packed_.kernels().between(sums_, packed_.padded_references(), low, high, found, kMostCandidates);
    if (count < 0) return kUnresolved;
    if (count == 1 && least != kFar) {
        const Inside inside = within_margin(positive.sum, least);
        if (inside != Inside::kUnknown) return inside == Inside::kYes ? packed_.reference_at(*found) : -1;
    }
    return choose_exactly(positive, found, count);
}

// Whether a negative farther than the positive is within reach of it.
StripSelection::Inside StripSelection::within_margin(float positive, float negative) const {
    if (semantics_ == kTfa) return Inside::kYes;
    const auto distance = [&](double radius) { return distance_of(p_.distance, radius); };
    if (distance(bounds_.high(negative)) * (1 + kSlack) < (distance(bounds_.low(positive)) + margin_) * (1 - kSlack)) {
        return Inside::kYes;
    }
    return distance(bounds_.low(negative)) * (1 - kSlack) > (distance(bounds_.high(positive)) + margin_) * (1 + kSlack)
               ? Inside::kNo
               : Inside::kUnknown;
}

int32_t StripSelection::choose_exactly(const Positive& positive, const int32_t* positions, int count) const {
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
    if (semantics_ == kTfa) return best.row >= 0 ? best.row : farthest();
    return best.row >= 0 && best.distance < own + margin_ ? best.row : -1;
}

// The farthest negative, for positives beyond all of them: once per anchor.
int32_t StripSelection::farthest() const {
    if (farthest_ != -1) return farthest_;
    float most = -1;
    for (int64_t j = 0; j < p_.m; ++j) most = sums_[j] != kFar && sums_[j] > most ? sums_[j] : most;
    int32_t found[kMostCandidates], rows[kMostCandidates];
    double distances[kMostCandidates];
    const int count = packed_.kernels().between(sums_, packed_.padded_references(), bounds_.floor(bounds_.low(most)),
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

}  // namespace mien::fast
