#pragma once

// One check per miner: the library against the oracle on one input. An empty string, or what differs.

#include <cstdio>

#include "oracle.h"

// The library that the checks call.
#if defined(MIEN_UNDER_TEST)
namespace under_test = MIEN_UNDER_TEST;
#else
namespace under_test = mien;
#endif

struct TripletArrays {
    std::vector<int64_t> anchor, positive, negative;

    explicit TripletArrays(int64_t capacity)
        : anchor(static_cast<size_t>(capacity), -9), positive(anchor), negative(anchor) {}
    int64_t capacity() const { return static_cast<int64_t>(anchor.size()); }
};

inline std::string text(const Triplet& t) {
    return "(" + std::to_string(t.anchor) + ", " + std::to_string(t.positive) + ", " + std::to_string(t.negative) + ")";
}

inline std::string compare(const TripletArrays& actual, int64_t size, const std::vector<Triplet>& expected) {
    if (size != static_cast<int64_t>(expected.size())) {
        return std::to_string(size) + " triplets, not " + std::to_string(expected.size());
    }
    for (size_t i = 0; i < expected.size(); ++i) {
        const Triplet t{actual.anchor[i], actual.positive[i], actual.negative[i]};
        if (!(t == expected[i])) return text(t) + " at " + std::to_string(i) + ", not " + text(expected[i]);
    }
    return "";
}

inline std::string compare(const char* what, const std::vector<int64_t>& actual, const std::vector<int64_t>& expected) {
    for (size_t i = 0; i < expected.size(); ++i) {
        if (actual[i] != expected[i]) {
            return std::string(what) + "[" + std::to_string(i) + "] = " + std::to_string(actual[i]) + ", not " +
                   std::to_string(expected[i]);
        }
    }
    return "";
}

// NaN beside a -1, else within 1e-6 of `expected`; infinity beyond the range of float32.
inline bool close(float actual, double expected) {
    if (std::isnan(expected)) return std::isnan(actual);
    const float rounded = static_cast<float>(expected);
    if (std::isinf(rounded)) return std::isinf(actual);
    return std::abs(static_cast<double>(actual) - expected) <= 1e-6 * expected + 1e-44;
}

// 1e-12 relative: sums of the same numbers in another order.
inline bool same(double actual, double expected) {
    if (std::isnan(expected)) return std::isnan(actual);
    return std::abs(actual - expected) <= 1e-12 * std::abs(expected);
}

inline std::string check_ranks(const Oracle& o, int64_t low, int64_t high, bool with_distances) {
    const MiningInput& in = o.in;
    const int64_t w = high - low + 1;
    const size_t n = static_cast<size_t>(in.n), nw = n * static_cast<size_t>(w);
    std::vector<int64_t> positive(n, -9), negative(nw, -9), expected_positive(n, -1), expected_negative(nw, -1);
    std::vector<float> dp(n, -9), dn(nw, -9);
    under_test::batch_hard(in.x.data(), in.labels.data(), in.n, in.y_data(), in.y_labels_data(), in.m, in.self_data(),
                           in.d, in.distance, low, high, positive.data(), negative.data(),
                           with_distances ? dp.data() : nullptr, with_distances ? dn.data() : nullptr);
    for (int64_t a = 0; a < o.n; ++a) {
        if (!o.valid(a)) continue;
        expected_positive[static_cast<size_t>(a)] = o.farthest(a, o.positives(a));
        const std::vector<int64_t> ranked = o.ranked(a);
        for (int64_t r = low; r <= std::min(high, static_cast<int64_t>(ranked.size())); ++r) {
            expected_negative[static_cast<size_t>(a * w + r - low)] = ranked[static_cast<size_t>(r - 1)];
        }
    }
    const std::string rows = compare("positive", positive, expected_positive);
    if (!rows.empty()) return rows;
    const std::string others = compare("negative", negative, expected_negative);
    if (!others.empty() || !with_distances) return others;
    const auto distance = [&](int64_t a, int64_t row) {
        return row < 0 ? std::numeric_limits<double>::quiet_NaN() : o.at(a, row);
    };
    for (size_t i = 0; i < n; ++i) {
        if (!close(dp[i], distance(static_cast<int64_t>(i), positive[i])))
            return "positive distance " + std::to_string(i);
    }
    for (size_t i = 0; i < nw; ++i) {
        if (!close(dn[i], distance(static_cast<int64_t>(i) / w, negative[i]))) {
            return "negative distance " + std::to_string(i);
        }
    }
    return "";
}

inline std::string check_batch_hard(const Oracle& o) { return check_ranks(o, 1, 1, !one_in(4)); }

inline std::string check_rank_window(const Oracle& o) {
    const int64_t low = uniform(1, 6);
    return check_ranks(o, low, low + uniform(0, 12), !one_in(4));
}

inline std::string check_easy_positive(const Oracle& o) {
    const MiningInput& in = o.in;
    for (const int choice : {mien::kHard, mien::kSemiHard}) {
        std::vector<int64_t> positive(static_cast<size_t>(in.n), -9), negative(positive);
        std::vector<int64_t> expected_positive(static_cast<size_t>(in.n), -1), expected_negative(expected_positive);
        under_test::easy_positive(in.x.data(), in.labels.data(), in.n, in.y_data(), in.y_labels_data(), in.m,
                                  in.self_data(), in.d, in.distance, in.margin, choice, positive.data(),
                                  negative.data());
        for (int64_t a = 0; a < o.n; ++a) {
            if (!o.valid(a)) continue;
            const int64_t p = o.nearest(a, o.positives(a));
            const int64_t chosen = choice == mien::kHard ? o.nearest(a, o.negatives(a))
                                                         : o.nearest_negative(a, o.at(a, p), o.at(a, p) + in.margin);
            if (chosen < 0) continue;
            expected_positive[static_cast<size_t>(a)] = p;
            expected_negative[static_cast<size_t>(a)] = chosen;
        }
        const std::string difference =
            compare("positive", positive, expected_positive) + compare("negative", negative, expected_negative);
        if (!difference.empty()) return difference;
    }
    return "";
}

inline int64_t pairs_of(const Oracle& o) {
    int64_t pairs = 0;
    for (int64_t a = 0; a < o.n; ++a) pairs += o.valid(a) ? static_cast<int64_t>(o.positives(a).size()) : 0;
    return pairs;
}

inline std::string check_semi_hard(const Oracle& o, int semantics) {
    const MiningInput& in = o.in;
    const std::vector<Triplet> expected = o.semi_hard(semantics);
    const int64_t size = static_cast<int64_t>(expected.size());
    // Room for every pair, and for no more than the result.
    for (const int64_t capacity : {pairs_of(o), size}) {
        TripletArrays out(capacity);
        const int64_t found =
            under_test::semi_hard(in.x.data(), in.labels.data(), in.n, in.y_data(), in.y_labels_data(), in.m,
                                  in.self_data(), in.d, in.distance, in.margin, semantics, in.seed, in.step, capacity,
                                  out.anchor.data(), out.positive.data(), out.negative.data());
        const std::string difference = compare(out, found, expected);
        if (!difference.empty()) return difference;
    }
    return "";
}

inline std::string check_facenet(const Oracle& o) { return check_semi_hard(o, mien::kFacenet); }
inline std::string check_tfa(const Oracle& o) { return check_semi_hard(o, mien::kTfa); }
inline std::string check_violating(const Oracle& o) { return check_semi_hard(o, mien::kViolating); }

inline std::string check_batch_all(const Oracle& o) {
    const MiningInput& in = o.in;
    std::vector<int64_t> counts(static_cast<size_t>(in.n), -9), expected_counts(static_cast<size_t>(in.n), 0);
    under_test::batch_all_counts(in.x.data(), in.labels.data(), in.n, in.y_data(), in.y_labels_data(), in.m,
                                 in.self_data(), in.d, in.distance, in.margin, counts.data());
    for (const int64_t cap : {std::numeric_limits<int64_t>::max(), uniform(1, 40)}) {
        std::vector<Triplet> expected;
        for (int64_t a = 0; a < o.n; ++a) {
            if (!o.valid(a)) continue;
            expected_counts[static_cast<size_t>(a)] = static_cast<int64_t>(o.active(a).size());
            const std::vector<Triplet> some = o.sampled(a, cap);
            expected.insert(expected.end(), some.begin(), some.end());
        }
        TripletArrays out(static_cast<int64_t>(expected.size()));
        const int64_t found =
            under_test::batch_all(in.x.data(), in.labels.data(), in.n, in.y_data(), in.y_labels_data(), in.m,
                                  in.self_data(), in.d, in.distance, in.margin, cap, in.seed, in.step, out.capacity(),
                                  out.anchor.data(), out.positive.data(), out.negative.data());
        const std::string difference = compare("counts", counts, expected_counts) + compare(out, found, expected);
        if (!difference.empty()) return "cap " + std::to_string(cap) + ": " + difference;
    }
    return "";
}

// The textbook's derivative of the distance of rows a and b by row a.
inline void add_gradient(const Oracle& o, int64_t a, int64_t b, double weight, std::vector<long double>& out) {
    const int64_t d = o.in.d;
    const float *u = o.x(a), *v = o.x(b);
    const long double distance = o.at(a, b);
    if (distance == 0 || weight == 0) return;
    long double dot = 0, uu = 0, vv = 0;
    for (int64_t k = 0; k < d; ++k) {
        dot += static_cast<long double>(u[k]) * v[k];
        uu += static_cast<long double>(u[k]) * u[k];
        vv += static_cast<long double>(v[k]) * v[k];
    }
    if (o.in.distance == mien::kCosine && (uu == 0 || vv == 0)) return;
    for (int64_t k = 0; k < d; ++k) {
        const long double difference = static_cast<long double>(u[k]) - v[k];
        long double derivative = 0;
        switch (o.in.distance) {
            case mien::kEuclidean:
                derivative = difference / distance;
                break;
            case mien::kSquaredEuclidean:
                derivative = 2 * difference;
                break;
            case mien::kManhattan:
                derivative = difference > 0 ? 1 : difference < 0 ? -1 : 0;
                break;
            default:
                derivative = dot * u[k] / (uu * std::sqrt(uu * vv)) - v[k] / std::sqrt(uu * vv);
        }
        out[static_cast<size_t>(a * d + k)] += weight * derivative;
    }
}

// The size of what add_gradient sums; at cosine that of what cancels where rows are parallel.
inline void add_parts(const Oracle& o, int64_t a, int64_t b, double weight, std::vector<long double>& out) {
    if (o.in.distance != mien::kCosine) return add_gradient(o, a, b, weight, out);
    long double squares = 0;
    for (int64_t k = 0; k < o.in.d; ++k) squares += static_cast<long double>(o.x(a)[k]) * o.x(a)[k];
    if (squares > 0) out[static_cast<size_t>(a * o.in.d)] += weight / std::sqrt(squares);
}

// Relative to the largest of what is summed, as sums may cancel. Values beyond float32 are left out.
inline std::string compare_gradients(const std::vector<float>& actual, const std::vector<long double>& expected,
                                     long double parts) {
    long double error = 0, size = 0;
    for (size_t i = 0; i < actual.size(); ++i) {
        if (std::abs(expected[i]) > 1e37L) continue;
        if (!std::isfinite(actual[i])) return "gradient " + std::to_string(i) + " is not finite";
        error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
        size += expected[i] * expected[i];
    }
    const long double limit = 1e-5L * std::sqrt(size) + 1e-13L * parts + 1e-40L;
    return std::sqrt(error) <= limit
               ? ""
               : "gradient off by " + std::to_string(static_cast<double>(std::sqrt(error / size)));
}

// Of a batch with itself and a finite margin: of any other input the anchors alone, at margin 0.3 for infinity.
inline std::string check_batch_all_loss(const Oracle& o) {
    const MiningInput& in = o.in;
    if (in.separate || std::isinf(in.margin)) {
        MiningInput alone = in;
        alone.separate = alone.has_self = false;
        if (std::isinf(alone.margin)) alone.margin = 0.3;
        return check_batch_all_loss(Oracle(alone));
    }
    const size_t n = static_cast<size_t>(in.n);
    std::vector<double> weights(n * n);
    long double loss = 0, largest = 0;
    int64_t active = 0, triplets = 0;
    for (int64_t a = 0; a < o.n; ++a) {
        for (const int64_t p : o.positives(a)) {
            for (const int64_t j : o.negatives(a)) {
                ++triplets;
                if (!(o.at(a, j) < o.at(a, p) + in.margin)) continue;
                ++active;
                loss += std::max(0.0L, static_cast<long double>(o.at(a, p)) - o.at(a, j) + in.margin);
                largest = std::max<long double>(largest, o.at(a, p));
                weights[static_cast<size_t>(a * o.n + p)] += 1;
                weights[static_cast<size_t>(a * o.n + j)] -= 1;
            }
        }
    }
    std::vector<long double> expected(n * static_cast<size_t>(in.d)), parts(expected.size());
    for (int64_t a = 0; a < o.n; ++a) {
        for (int64_t b = 0; b < o.n; ++b) {
            const double weight = weights[static_cast<size_t>(a * o.n + b)];
            for (const auto& [row, other] : {std::pair{a, b}, std::pair{b, a}}) {
                add_gradient(o, row, other, weight, expected);
                if (weight != 0) add_parts(o, row, other, std::abs(weight), parts);
            }
        }
    }
    long double size_of_parts = 0;
    for (const long double part : parts) size_of_parts = std::max(size_of_parts, std::abs(part));
    double actual_loss = -9;
    int64_t actual_active = -9, actual_triplets = -9;
    std::vector<float> gradient(expected.size(), -9);
    const bool with_gradient = !one_in(5);
    under_test::batch_all_loss(in.x.data(), in.labels.data(), in.n, in.d, in.distance, in.margin, &actual_loss,
                               &actual_active, &actual_triplets, with_gradient ? gradient.data() : nullptr);
    if (actual_active != active) return std::to_string(actual_active) + " active, not " + std::to_string(active);
    if (actual_triplets != triplets)
        return std::to_string(actual_triplets) + " in all, not " + std::to_string(triplets);
    // The second term: triplets at the edge, where dp - dn + margin is rounding alone.
    const long double limit = 1e-5L * loss + 1e-15L * static_cast<long double>(active) * (largest + in.margin);
    if (!(std::abs(actual_loss - loss) <= limit)) {
        char message[80];
        std::snprintf(message, sizeof message, "loss %.12g, not %.12g", actual_loss, static_cast<double>(loss));
        return message;
    }
    return with_gradient ? compare_gradients(gradient, expected, size_of_parts) : "";
}

inline std::string check_random(const Oracle& o) {
    const MiningInput& in = o.in;
    const OracleRandom random(in.seed, in.step);
    std::vector<int64_t> positive(static_cast<size_t>(in.n), -9), negative(positive);
    std::vector<int64_t> expected_positive(static_cast<size_t>(in.n), -1), expected_negative(expected_positive);
    under_test::random_triplets(in.labels.data(), in.n, in.y_labels_data(), in.m, in.self_data(), in.seed, in.step,
                                positive.data(), negative.data());
    for (int64_t a = 0; a < o.n; ++a) {
        if (!o.valid(a)) continue;
        const std::vector<int64_t> p = o.positives(a), q = o.negatives(a);
        const int64_t chosen = p[static_cast<size_t>(random.below(static_cast<int64_t>(p.size()), a, -1))];
        expected_positive[static_cast<size_t>(a)] = chosen;
        expected_negative[static_cast<size_t>(a)] =
            q[static_cast<size_t>(random.below(static_cast<int64_t>(q.size()), a, chosen))];
    }
    const int64_t pairs = under_test::positive_pairs(in.labels.data(), in.n, in.y_labels_data(), in.m, in.self_data());
    if (pairs != pairs_of(o)) return std::to_string(pairs) + " pairs, not " + std::to_string(pairs_of(o));
    return compare("positive", positive, expected_positive) + compare("negative", negative, expected_negative);
}

// Wu et al.'s weights of an anchor's negatives, up to a factor.
inline std::vector<long double> sphere_weights(const Oracle& cosine, int64_t a) {
    const std::vector<int64_t> negatives = cosine.negatives(a);
    const long double d = static_cast<long double>(cosine.in.d);
    const long double none = -std::numeric_limits<long double>::infinity();
    std::vector<long double> logs;
    for (const int64_t j : negatives) {
        const double distance = std::sqrt(2 * cosine.at(a, j));
        const long double t = std::max(0.5L, static_cast<long double>(distance));
        logs.push_back(distance >= 1.4 ? none : (2 - d) * std::log(t) - (d - 3) / 2 * std::log(1 - t * t / 4));
    }
    const long double largest = *std::max_element(logs.begin(), logs.end());
    for (long double& weight : logs) weight = largest == none ? 1 : std::exp(weight - largest);
    return logs;
}

inline std::string check_distance_weighted(const Oracle& given) {
    const MiningInput& in = given.in;
    const Oracle o(in, mien::kCosine);
    TripletArrays out(pairs_of(o));
    const int64_t size = under_test::distance_weighted(
        in.x.data(), in.labels.data(), in.n, in.y_data(), in.y_labels_data(), in.m, in.self_data(), in.d, in.seed,
        in.step, out.capacity(), out.anchor.data(), out.positive.data(), out.negative.data());
    if (size != out.capacity()) return std::to_string(size) + " triplets, not " + std::to_string(out.capacity());
    size_t at = 0;
    for (int64_t a = 0; a < o.n; ++a) {
        if (!o.valid(a)) continue;
        const std::vector<int64_t> negatives = o.negatives(a);
        const std::vector<long double> weights = sphere_weights(o, a);
        long double total = 0;
        for (const long double weight : weights) total += weight;
        for (const int64_t p : o.positives(a)) {
            const Triplet t{out.anchor[at], out.positive[at], out.negative[at]};
            ++at;
            if (t.anchor != a || t.positive != p) return text(t) + " is not of the pair " + text({a, p, -1});
            long double before = 0;
            size_t i = 0;
            for (; i < negatives.size() && negatives[i] != t.negative; ++i) before += weights[i];
            if (i == negatives.size()) return text(t) + " is no triplet";
            // The draw lies within the negative's share of the sum, up to rounding.
            const long double drawn = OracleRandom(in.seed, in.step).unit(a, p) * total, slack = 1e-9L * total;
            if (weights[i] == 0 || drawn < before - slack || drawn > before + weights[i] + slack) {
                return text(t) + " was not drawn";
            }
        }
    }
    return "";
}

inline std::string check_active(const Oracle& o) {
    const MiningInput& in = o.in;
    if (o.n == 0 || o.m == 0) return "";
    TripletArrays t(uniform(0, 200));
    int64_t expected = 0;
    for (size_t i = 0; i < t.anchor.size(); ++i) {
        t.anchor[i] = uniform(0, o.n - 1);
        t.positive[i] = uniform(0, o.m - 1);
        t.negative[i] = uniform(0, o.m - 1);
        if (i > 0 && one_in(2)) {
            t.anchor[i] = t.anchor[i - 1];
            t.positive[i] = t.positive[i - 1];
        }
        expected += o.at(t.anchor[i], t.negative[i]) < o.at(t.anchor[i], t.positive[i]) + in.margin;
    }
    const int64_t found =
        under_test::active_triplets(in.x.data(), in.n, in.y_data(), in.m, in.d, in.distance, in.margin, t.anchor.data(),
                                    t.positive.data(), t.negative.data(), t.capacity());
    return found == expected ? "" : std::to_string(found) + " active, not " + std::to_string(expected);
}

inline double percentile_of(std::vector<double> values, double percent) {
    if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
    std::sort(values.begin(), values.end());
    const double place = percent / 100 * static_cast<double>(values.size() - 1), below = std::floor(place);
    const size_t low = static_cast<size_t>(below), high = std::min(low + 1, values.size() - 1);
    return values[low] + (place - below) * (values[high] - values[low]);
}

inline double origin_distance(const Oracle& o, int64_t j) {
    if (o.in.distance == mien::kCosine) return 1;
    double squares = 0, absolutes = 0;
    for (int64_t k = 0; k < o.in.d; ++k) {
        squares += static_cast<double>(o.y(j)[k]) * static_cast<double>(o.y(j)[k]);
        absolutes += std::abs(static_cast<double>(o.y(j)[k]));
    }
    if (o.in.distance == mien::kManhattan) return absolutes;
    return o.in.distance == mien::kEuclidean ? std::sqrt(squares) : squares;
}

// Whether the percentiles see a pair: in order of its rows where both are rows of x, one in `stride` by hash.
inline bool sees(const Oracle& o, int64_t a, int64_t j) {
    if (!o.in.separate && j < a) return false;
    const int64_t pairs = o.in.separate ? o.n * o.m : o.n * (o.n - 1) / 2, most = 1 << 20;
    if (pairs <= most) return true;
    const uint64_t hash = static_cast<uint64_t>(a * o.m + j) * 11400714819323198485u;
    return (hash >> 33) % static_cast<uint64_t>(1 + pairs / most) == 0;
}

inline std::string check_statistics(const Oracle& o) {
    const MiningInput& in = o.in;
    std::vector<int64_t> counts(5, -9), expected(5);
    std::vector<double> figures(12, -9), same_class, other_class;
    under_test::mining_statistics(in.x.data(), in.labels.data(), in.n, in.y_data(), in.y_labels_data(), in.m,
                                  in.self_data(), in.d, in.distance, in.margin, counts.data(), figures.data());
    double sum = 0, origin = 0;
    int64_t pairs = 0;
    for (int64_t a = 0; a < o.n; ++a) {
        expected[0] += o.valid(a);
        for (int64_t j = 0; j < o.m; ++j) {
            if (o.is_self(a, j)) continue;
            ++pairs;
            sum += o.at(a, j);
            if (sees(o, a, j)) (o.positive(a, j) ? same_class : other_class).push_back(o.at(a, j));
        }
        const std::vector<int64_t> negatives = o.negatives(a);
        for (const int64_t p : o.positives(a)) {
            for (const int64_t j : negatives) {
                const double dp = o.at(a, p), dn = o.at(a, j);
                ++expected[dn <= dp ? 3 : dn < dp + in.margin ? 2 : 1];
            }
        }
    }
    for (int64_t j = 0; j < o.m; ++j) {
        origin += origin_distance(o, j) / static_cast<double>(o.m);
        for (int64_t before = 0; before < j; ++before) {
            if (!std::equal(o.y(j), o.y(j) + in.d, o.y(before))) continue;
            ++expected[4];
            break;
        }
    }
    std::vector<double> wanted{pairs == 0 ? 0 : sum / static_cast<double>(pairs), origin};
    for (const auto* values : {&same_class, &other_class}) {
        for (const double percent : {5, 25, 50, 75, 95}) wanted.push_back(percentile_of(*values, percent));
    }
    for (size_t i = 0; i < wanted.size(); ++i) {
        if (!same(figures[i], wanted[i])) {
            return "figure " + std::to_string(i) + " is " + std::to_string(figures[i]) + ", not " +
                   std::to_string(wanted[i]);
        }
    }
    return compare("counts", counts, expected);
}

struct MinerCheck {
    const char* name;
    std::string (*check)(const Oracle&);
};

inline constexpr MinerCheck kMinerChecks[] = {
    {"batch-hard", check_batch_hard},
    {"rank window", check_rank_window},
    {"easy-positive", check_easy_positive},
    {"semi-hard facenet", check_facenet},
    {"semi-hard tfa", check_tfa},
    {"semi-hard violating", check_violating},
    {"batch-all", check_batch_all},
    {"batch-all loss", check_batch_all_loss},
    {"random", check_random},
    {"distance-weighted", check_distance_weighted},
    {"active triplets", check_active},
    {"statistics", check_statistics},
};
