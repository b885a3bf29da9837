#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "fast/packed_problem.h"
#include "fast/thresholds.h"
#include "mien/mien.h"
#include "scratch.h"

namespace mien {

// The sums over the negatives of an anchor. Distances are counted from the largest threshold down, so that what cancels
// is gone before it is summed.
struct Tally {
    double pull = 0;      // weight * (largest threshold - distance)
    double weight = 0;    // violated triplets
    double distance = 0;  // weight * distance
    // Of these what rests on sums of float32, and the number of its pairs.
    double rounded_distance = 0;
    int64_t rounded_pairs = 0;
};

// What the negatives of all anchors add up to.
class Tallies {
public:
    Tallies(const PackedProblem& packed, const Thresholds& thresholds)
        : distance_(packed.problem().distance),
          thresholds_(thresholds),
          of_rank_(thresholds.begin(packed.problem().n)),
          tallies_(static_cast<size_t>(packed.problem().n)) {
        std::fill_n(of_rank_.get(), thresholds.begin(packed.problem().n), int64_t{0});
    }

    // A negative at this distance, by float64, that violates `weight` triplets.
    void add(int64_t anchor, int weight, double distance) {
        if (weight == 0) return;
        Tally& tally = tallies_[static_cast<size_t>(anchor)];
        tally.pull += weight * (thresholds_.largest(anchor) - distance);
        tally.weight += weight;
        tally.distance += weight * distance;
        ++ranks(anchor)[thresholds_.count(anchor) - weight];
    }

    // The negatives among `columns` rows, by sums of float32: their weights, and the tally of these.
    void add(int64_t anchor, const float* weights, int columns, const Tally& more) {
        if (more.weight == 0) return;
        Tally& tally = tallies_[static_cast<size_t>(anchor)];
        tally.pull += more.pull;
        tally.weight += more.weight;
        tally.distance += more.distance;
        tally.rounded_distance += more.distance;
        tally.rounded_pairs += count_ranks(weights, columns, thresholds_.count(anchor), ranks(anchor));
    }

    // From negatives per rank to negatives that violate each threshold: those of its rank or a lower one.
    void sum_ranks() {
        for (int64_t a = 0; a < static_cast<int64_t>(tallies_.size()); ++a) {
            for (int q = 1; q < thresholds_.count(a); ++q) ranks(a)[q] += ranks(a)[q - 1];
        }
    }
    // Once ranks are summed.
    double violating(int64_t anchor, int threshold) const { return static_cast<double>(ranks(anchor)[threshold]); }

    // The loss and the number of violated triplets, once ranks are summed. False where float32 leaves too little of it.
    bool add_up(double* loss, int64_t* active) const {
        double sum = 0;
        Tally all;
        for (int64_t a = 0; a < static_cast<int64_t>(tallies_.size()); ++a) {
            const Tally& tally = tallies_[static_cast<size_t>(a)];
            sum += tally.pull;
            all.weight += tally.weight;
            all.distance += tally.distance;
            all.rounded_distance += tally.rounded_distance;
            all.rounded_pairs += tally.rounded_pairs;
            for (int q = 0; q < thresholds_.count(a); ++q) {
                sum += violating(a, q) * (thresholds_.exact(a)[q] - thresholds_.largest(a));
            }
        }
        *loss = all.weight == 0 ? 0 : sum;
        *active = static_cast<int64_t>(all.weight);
        if (all.weight == 0) return true;
        // The error of a distance from a sum of float32: up to 2e-8 that all of them share, and 1e-6 that averages out.
        // Directions between rows on the sphere are off by 1e-7 over their distance.
        const double pairs = static_cast<double>(std::max<int64_t>(1, all.rounded_pairs));
        const double share = 2e-3 + 0.1 / std::sqrt(pairs);
        return sum >= share * all.rounded_distance && (distance_ != kCosine || all.distance >= 1e-3 * all.weight);
    }

private:
    int64_t* ranks(int64_t anchor) const { return of_rank_.get() + thresholds_.begin(anchor); }

    // of_rank[count - weight] += 1 for each weight but 0; returns their number. Counters apart, as the same one again
    // and again would wait for itself.
    static int64_t count_ranks(const float* weights, int columns, int count, int64_t* of_rank) {
        constexpr int kMost = 64, kApart = 4;
        int64_t found = 0;
        if (count > kMost) {
            for (int j = 0; j < columns; ++j) {
                if (weights[j] == 0) continue;
                ++of_rank[count - static_cast<int>(weights[j])];
                ++found;
            }
            return found;
        }
        int16_t counters[kApart][kMost + 1];
        for (auto& counter : counters) std::fill_n(counter, count + 1, int16_t{0});
        int j = 0;
        for (; j + kApart <= columns; j += kApart) {
            for (int c = 0; c < kApart; ++c) ++counters[c][static_cast<int>(weights[j + c])];
        }
        for (; j < columns; ++j) ++counters[0][static_cast<int>(weights[j])];
        for (int weight = 1; weight <= count; ++weight) {
            for (const auto& counter : counters) {
                of_rank[count - weight] += counter[weight];
                found += counter[weight];
            }
        }
        return found;
    }

    int distance_;
    const Thresholds& thresholds_;
    Scratch<int64_t> of_rank_;  // at the place of a threshold
    std::vector<Tally> tallies_;
};

}  // namespace mien
