#include "fast/strip_selection.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mien::fast {
namespace {

constexpr float kFar = std::numeric_limits<float>::infinity();
// More candidates for one pair than this are left to the exact selection of the whole anchor.
constexpr int kMostCandidates = 64;
// The rounding of dp + margin and of the bounds.
constexpr double kSlack = 1e-14;
// From this many positives on sorting all sums once costs less than two scans for each.
constexpr size_t kManyPositives = 256;

bool sum_below(const SumOrder::Entry& entry, float sum) { return entry.sum < sum; }

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
    sort_sums();
}

void StripSelection::sort_sums() {
    sorted_.clear();
    if (positives_.size() >= kManyPositives) order_.sort(sums_, p_.m, sorted_);
}

void StripSelection::find_above(const float* thresholds, size_t count, float* least) const {
    if (sorted_.empty()) {
        return packed_.kernels().least_above(sums_, packed_.padded_references(), thresholds, least);
    }
    for (size_t t = 0; t < count; ++t) {
        const float beyond = std::nextafter(thresholds[t], kFar);
        const auto at = std::lower_bound(sorted_.begin(), sorted_.end(), beyond, sum_below);
        least[t] = at == sorted_.end() ? kFar : at->sum;
    }
}

int StripSelection::find_between(float low, float high, int32_t* positions, int most) const {
    if (sorted_.empty()) {
        return packed_.kernels().between(sums_, packed_.padded_references(), low, high, positions, most);
    }
    int count = 0;
    for (auto at = std::lower_bound(sorted_.begin(), sorted_.end(), low, sum_below);
         at != sorted_.end() && at->sum <= high; ++at) {
        if (count == most) return -1;
        positions[count++] = at->position;
    }
    return count;
}

// What is above it is certainly farther than the positive.
float StripSelection::threshold(const Positive& positive) const { return bounds_.ceiling(bounds_.high(positive.sum)); }

bool StripSelection::semi_hard(std::vector<int32_t>& negatives) {
    negatives.resize(positives_.size());
    pairs_.clear();
    pending_.clear();
    for (size_t first = 0; first < positives_.size(); first += BlockKernels::kThresholds) {
        const size_t count = std::min<size_t>(BlockKernels::kThresholds, positives_.size() - first);
        float thresholds[BlockKernels::kThresholds], least[BlockKernels::kThresholds];
        for (size_t t = 0; t < BlockKernels::kThresholds; ++t) {
            thresholds[t] = threshold(positives_[first + std::min(t, count - 1)]);
        }
        find_above(thresholds, count, least);
        for (size_t t = 0; t < count; ++t) {
            negatives[first + t] = choose(positives_[first + t], least[t]);
            if (negatives[first + t] == kUnresolved) return false;
        }
    }
    pairs_.compute();
    int next = 0;
    for (int32_t& negative : negatives) {
        if (negative == kPending) negative = choose_exactly(next++);
        if (negative == kUnresolved) return false;
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
    pairs_.clear();
    pending_.clear();
    // Positives are in order of rows, so that the first of equals is the lowest.
    int best = 0;
    for (int i = 0; count > 1 && i < count; ++i) pairs_.add(anchor_, rows[i]);
    pairs_.compute();
    for (int i = 1; i < count; ++i) best = pairs_.distance(i) < pairs_.distance(best) ? i : best;
    pairs_.clear();
    float thresholds[BlockKernels::kThresholds], above[BlockKernels::kThresholds];
    std::fill_n(thresholds, BlockKernels::kThresholds, threshold(candidates[best]));
    find_above(thresholds, 1, above);
    *positive = candidates[best].row;
    *negative = choose(candidates[best], above[0]);
    if (*negative == kPending) {
        pairs_.compute();
        *negative = choose_exactly(0);
    }
    return *negative != kUnresolved;
}

// `least` is the least sum that is certainly farther than the positive.
int32_t StripSelection::choose(const Positive& positive, float least) {
    const float low = bounds_.floor(bounds_.low(positive.sum));
    const float high = least == kFar ? std::numeric_limits<float>::max() : bounds_.ceiling(bounds_.high(least));
    int32_t found[kMostCandidates];
    const int count = find_between(low, high, found, kMostCandidates);
    if (count < 0) return kUnresolved;
    if (count == 1 && least != kFar) {
        const Inside inside = within_margin(positive.sum, least);
        if (inside != Inside::kUnknown) return inside == Inside::kYes ? packed_.reference_at(*found) : -1;
    }
    pending_.push_back({pairs_.size(), pairs_.size() + count + 1});
    for (int i = 0; i < count; ++i) pairs_.add(anchor_, packed_.reference_at(found[i]));
    pairs_.add(anchor_, positive.row);
    return kPending;
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

int32_t StripSelection::choose_exactly(int pending) {
    const Pending& p = pending_[static_cast<size_t>(pending)];
    const double own = pairs_.distance(p.end - 1);
    Ranked best{std::numeric_limits<double>::infinity(), -1};
    for (int i = p.begin; i < p.end - 1; ++i) {
        const Ranked candidate = pairs_.ranked(i);
        if (candidate.distance > own && (best.row < 0 || candidate < best)) best = candidate;
    }
    if (semantics_ == kTfa) return best.row >= 0 ? best.row : farthest();
    return best.row >= 0 && best.distance < own + margin_ ? best.row : -1;
}

// The farthest negative, for positives beyond all of them: once per anchor.
int32_t StripSelection::farthest() {
    if (farthest_ != -1) return farthest_;
    float most = -1;
    for (int64_t j = 0; j < p_.m; ++j) most = sums_[j] != kFar && sums_[j] > most ? sums_[j] : most;
    int32_t found[kMostCandidates];
    const int count =
        find_between(bounds_.floor(bounds_.low(most)), std::numeric_limits<float>::max(), found, kMostCandidates);
    if (count < 0) return farthest_ = kUnresolved;
    ExactPairs pairs(p_);
    for (int i = 0; i < count; ++i) pairs.add(anchor_, packed_.reference_at(found[i]));
    pairs.compute();
    Ranked best = pairs.ranked(0);
    for (int i = 1; i < count; ++i) {
        const Ranked other = pairs.ranked(i);
        const bool tied = other.distance == best.distance;
        if (other.distance > best.distance || (tied && other.row < best.row)) best = other;
    }
    return farthest_ = best.row;
}

}  // namespace mien::fast
