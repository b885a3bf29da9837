#pragma once

// Mining by brute force, in float64, from the definitions in mien.h: plain loops over all references, nothing shared
// with the library.

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "mining_input.h"

struct Triplet {
    int64_t anchor, positive, negative;

    bool operator==(const Triplet& o) const {
        return anchor == o.anchor && positive == o.positive && negative == o.negative;
    }
};

// SplitMix64's finaliser over (seed, step, anchor, positive), as dev.mien.miners.CounterRandom has it.
class OracleRandom {
public:
    OracleRandom(int64_t seed, int64_t step) : seed_(seed), step_(step) {}

    int64_t below(int64_t bound, int64_t anchor, int64_t positive) const {
        uint64_t state = key(anchor, positive);
        const uint64_t limit = static_cast<uint64_t>(bound);
        for (;;) {
            const uint64_t product = (finish(state) >> 32) * limit;
            if (product % 4294967296u >= 4294967296u % limit) return static_cast<int64_t>(product / 4294967296u);
            state += kStep;
        }
    }

    double unit(int64_t anchor, int64_t positive) const {
        return std::ldexp(static_cast<double>(finish(key(anchor, positive)) >> 11), -53);
    }

private:
    static constexpr uint64_t kStep = 11400714819323198485u;

    static uint64_t finish(uint64_t z) {
        z = (z ^ (z >> 30)) * 13787848793156543929u;
        z = (z ^ (z >> 27)) * 10723151780598845931u;
        return z ^ (z >> 31);
    }

    uint64_t key(int64_t anchor, int64_t positive) const {
        uint64_t z = finish(static_cast<uint64_t>(seed_) + kStep);
        for (const int64_t next : {step_, anchor}) z = finish((z ^ static_cast<uint64_t>(next)) + kStep);
        return (z ^ static_cast<uint64_t>(positive)) + kStep;
    }

    int64_t seed_, step_;
};

class Oracle {
public:
    explicit Oracle(const MiningInput& input, int distance) : in(input), n(input.n), m(input.references()) {
        rows_.resize(static_cast<size_t>(n * m));
        for (int64_t a = 0; a < n; ++a) {
            for (int64_t j = 0; j < m; ++j) rows_[static_cast<size_t>(a * m + j)] = measure(x(a), y(j), distance);
        }
    }
    explicit Oracle(const MiningInput& input) : Oracle(input, input.distance) {}

    const MiningInput& in;
    const int64_t n, m;

    const float* x(int64_t i) const { return in.x.data() + i * in.d; }
    const float* y(int64_t j) const { return (in.separate ? in.y.data() : in.x.data()) + j * in.d; }
    int64_t label(int64_t a) const { return in.labels[static_cast<size_t>(a)]; }
    int64_t y_label(int64_t j) const { return (in.separate ? in.y_labels : in.labels)[static_cast<size_t>(j)]; }

    double at(int64_t a, int64_t j) const { return rows_[static_cast<size_t>(a * m + j)]; }

    bool is_self(int64_t a, int64_t j) const {
        return in.separate ? in.has_self && in.self[static_cast<size_t>(a)] == j : a == j;
    }
    bool positive(int64_t a, int64_t j) const { return !is_self(a, j) && label(a) == y_label(j); }
    bool negative(int64_t a, int64_t j) const { return !is_self(a, j) && label(a) != y_label(j); }

    bool valid(int64_t a) const { return !rows_where(a, &Oracle::positive).empty() && !negatives(a).empty(); }
    std::vector<int64_t> positives(int64_t a) const { return rows_where(a, &Oracle::positive); }
    std::vector<int64_t> negatives(int64_t a) const { return rows_where(a, &Oracle::negative); }

    // j comes before other among the references of a.
    bool nearer(int64_t a, int64_t j, int64_t other) const {
        return at(a, j) < at(a, other) || (at(a, j) == at(a, other) && j < other);
    }

    // -1 for none.
    int64_t farthest(int64_t a, const std::vector<int64_t>& rows) const {
        int64_t best = -1;
        for (const int64_t j : rows) {
            if (best < 0 || at(a, j) > at(a, best)) best = j;
        }
        return best;
    }
    int64_t nearest(int64_t a, const std::vector<int64_t>& rows) const {
        int64_t best = -1;
        for (const int64_t j : rows) {
            if (best < 0 || at(a, j) < at(a, best)) best = j;
        }
        return best;
    }

    // The nearest negative with dn > above (and dn < below), or -1.
    int64_t nearest_negative(int64_t a, double above, double below) const {
        std::vector<int64_t> inside;
        for (const int64_t j : negatives(a)) {
            if (at(a, j) > above && at(a, j) < below) inside.push_back(j);
        }
        return nearest(a, inside);
    }
    int64_t nearest_beyond(int64_t a, double above) const {
        std::vector<int64_t> beyond;
        for (const int64_t j : negatives(a)) {
            if (at(a, j) > above) beyond.push_back(j);
        }
        return nearest(a, beyond);
    }

    // The negatives of a with dn < limit, nearest first: by insertion.
    std::vector<int64_t> ranked(int64_t a, double limit) const {
        std::vector<int64_t> sorted;
        for (const int64_t j : negatives(a)) {
            if (!(at(a, j) < limit)) continue;
            size_t place = sorted.size();
            while (place > 0 && nearer(a, j, sorted[place - 1])) --place;
            sorted.insert(sorted.begin() + static_cast<int64_t>(place), j);
        }
        return sorted;
    }

    std::vector<int64_t> ranked(int64_t a) const {
        std::vector<int64_t> all = ranked(a, std::numeric_limits<double>::infinity());
        return all;
    }

    std::vector<Triplet> semi_hard(int semantics) const {
        std::vector<Triplet> result;
        for (int64_t a = 0; a < n; ++a) {
            if (!valid(a)) continue;
            for (const int64_t p : positives(a)) {
                const int64_t chosen = semi_hard_negative(a, p, semantics);
                if (chosen >= 0) result.push_back({a, p, chosen});
            }
        }
        return result;
    }

    // Triplets of one anchor, in lexicographic order.
    std::vector<Triplet> active(int64_t a) const {
        std::vector<Triplet> result;
        for (const int64_t p : positives(a)) {
            for (const int64_t j : negatives(a)) {
                if (at(a, j) < at(a, p) + in.margin) result.push_back({a, p, j});
            }
        }
        return result;
    }

    // The systematic sample of `cap` of them, in order of (positive, distance, row), then put in order of rows.
    std::vector<Triplet> sampled(int64_t a, int64_t cap) const {
        std::vector<Triplet> all, result;
        for (const int64_t p : positives(a)) {
            for (const int64_t j : ranked(a, at(a, p) + in.margin)) all.push_back({a, p, j});
        }
        const int64_t total = static_cast<int64_t>(all.size());
        if (total <= cap) return active(a);
        const int64_t offset =
            static_cast<int64_t>(OracleRandom(in.seed, in.step).unit(a, -1) * static_cast<double>(total));
        for (int64_t i = 0; i < cap; ++i) result.push_back(all[static_cast<size_t>((i * total + offset) / cap)]);
        std::sort(result.begin(), result.end(), [](const Triplet& l, const Triplet& r) {
            return l.positive < r.positive || (l.positive == r.positive && l.negative < r.negative);
        });
        return result;
    }

private:
    double measure(const float* a, const float* b, int distance) const {
        const double norm_a = distance == mien::kCosine ? norm(a) : 1, norm_b = distance == mien::kCosine ? norm(b) : 1;
        if (norm_a == 0 || norm_b == 0) return 1;
        double squares = 0, absolutes = 0;
        for (int64_t k = 0; k < in.d; ++k) {
            const double difference = static_cast<double>(a[k]) / norm_a - static_cast<double>(b[k]) / norm_b;
            squares += difference * difference;
            absolutes += std::abs(difference);
        }
        if (distance == mien::kEuclidean) return std::sqrt(squares);
        if (distance == mien::kManhattan) return absolutes;
        return distance == mien::kCosine ? std::min(2.0, squares / 2) : squares;
    }

    double norm(const float* a) const {
        double sum = 0;
        for (int64_t k = 0; k < in.d; ++k) sum += static_cast<double>(a[k]) * static_cast<double>(a[k]);
        return std::sqrt(sum);
    }

    std::vector<int64_t> rows_where(int64_t a, bool (Oracle::*is)(int64_t, int64_t) const) const {
        std::vector<int64_t> rows;
        for (int64_t j = 0; j < m; ++j) {
            if ((this->*is)(a, j)) rows.push_back(j);
        }
        return rows;
    }

    int64_t semi_hard_negative(int64_t a, int64_t p, int semantics) const {
        const double dp = at(a, p);
        if (semantics == mien::kFacenet) return nearest_negative(a, dp, dp + in.margin);
        if (semantics == mien::kTfa) {
            const int64_t beyond = nearest_beyond(a, dp);
            return beyond >= 0 ? beyond : farthest(a, negatives(a));
        }
        const std::vector<int64_t> violating = ranked(a, dp + in.margin);
        if (violating.empty()) return -1;
        const int64_t count = static_cast<int64_t>(violating.size());
        return violating[static_cast<size_t>(OracleRandom(in.seed, in.step).below(count, a, p))];
    }

    std::vector<double> rows_;  // (n, m)
};
