#pragma once

// Inputs that mining goes wrong on: ties, near-duplicates, clouds far from the origin, degenerate classes, extremes.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "check.h"
#include "mien/mien.h"

// The arguments of one call. References are `y` where `separate`, else the anchors themselves.
struct MiningInput {
    std::string kind;
    int64_t n = 0, m = 0, d = 1;
    std::vector<float> x, y;                      // (n, d), (m, d); y never empty, as its address says "separate"
    std::vector<int64_t> labels, y_labels, self;  // (n), (m), (n)
    bool separate = false, has_self = false;
    int distance = 0;
    double margin = 0;
    int64_t seed = 0, step = 0;

    const float* y_data() const { return separate ? y.data() : nullptr; }
    const int64_t* y_labels_data() const { return separate ? y_labels.data() : nullptr; }
    const int64_t* self_data() const { return has_self ? self.data() : nullptr; }
    int64_t references() const { return separate ? m : n; }

    // For messages.
    std::string describe() const {
        return kind + ", distance " + std::to_string(distance) + ", n=" + std::to_string(n) +
               " m=" + std::to_string(references()) + " d=" + std::to_string(d) + (separate ? " separate" : "") +
               (has_self ? " self" : "") + " margin " + std::to_string(margin) + " seed " + std::to_string(seed);
    }
};

inline int64_t uniform(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(generator());
}

inline double uniform_real(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(generator());
}

inline bool one_in(int64_t count) { return uniform(1, count) == 1; }

template <typename T>
T one_of(std::initializer_list<T> values) {
    return values.begin()[uniform(0, static_cast<int64_t>(values.size()) - 1)];
}

// Rows of one kind, (rows, d).
class RowGenerator {
public:
    RowGenerator(std::string kind, int64_t rows, int64_t d) : kind_(std::move(kind)), rows_(rows), d_(d) {}

    std::vector<float> draw() {
        std::vector<float> x(static_cast<size_t>(rows_ * d_));
        for (float& value : x) value = element();
        if (kind_ == "near-duplicates" || kind_ == "near-duplicates far off") copy_with_noise(x);
        if (kind_ == "duplicates") copy_rows(x, 2);
        if (kind_ == "all equal") copy_rows(x, rows_);
        if (kind_ == "zero rows") scale_rows(x, [] { return one_in(3) ? 0.0 : 1.0; });
        if (kind_ == "scales") scale_rows(x, [] { return std::pow(10, uniform_real(-30, 30)); });
        if (kind_ == "huge") scale_rows(x, [] { return 1e30; });
        if (kind_ == "tiny") scale_rows(x, [] { return 1e-30; });
        if (kind_ == "collinear") copy_first_scaled(x);
        return x;
    }

private:
    float element() {
        std::normal_distribution<float> normal;
        const float z = normal(generator());
        if (kind_ == "offset 100") return 100 + z;
        if (kind_ == "offset 1e4" || kind_ == "near-duplicates far off") return 1e4f + z;
        if (kind_ == "grid") return static_cast<float>(uniform(-1, 1));
        if (kind_ == "one-hot") return one_in(d_) ? 1.0f : 0.0f;
        if (kind_ == "subnormal") return 1e-42f * z;
        return z;
    }

    float* row(std::vector<float>& x, int64_t i) const { return x.data() + i * d_; }

    // Every row is one of a few, each value off by a part of 2e-7.
    void copy_with_noise(std::vector<float>& x) const {
        for (int64_t i = 1; i < rows_; ++i) {
            const int64_t from = uniform(0, std::min<int64_t>(2, i - 1));
            for (int64_t k = 0; k < d_; ++k) {
                row(x, i)[k] = static_cast<float>(row(x, from)[k] * (1 + uniform_real(-2e-7, 2e-7)));
            }
        }
    }

    void copy_rows(std::vector<float>& x, int64_t odds) const {
        for (int64_t i = 1; i < rows_; ++i) {
            if (odds < rows_ && one_in(odds)) continue;
            const int64_t from = odds < rows_ ? uniform(0, i - 1) : 0;
            std::copy(row(x, from), row(x, from) + d_, row(x, i));
        }
    }

    template <typename Scale>
    void scale_rows(std::vector<float>& x, Scale scale) const {
        for (int64_t i = 0; i < rows_; ++i) {
            const double factor = scale();
            for (int64_t k = 0; k < d_; ++k) row(x, i)[k] = static_cast<float>(row(x, i)[k] * factor);
        }
    }

    // At cosine all at 0 or 2, up to rounding.
    void copy_first_scaled(std::vector<float>& x) const {
        for (int64_t i = 1; i < rows_; ++i) {
            const double factor = uniform_real(-3, 3);
            for (int64_t k = 0; k < d_; ++k) row(x, i)[k] = static_cast<float>(row(x, 0)[k] * factor);
        }
    }

    std::string kind_;
    int64_t rows_, d_;
};

inline std::string draw_kind() {
    return one_of<const char*>({"gaussian", "gaussian", "near-duplicates", "near-duplicates far off", "offset 100",
                                "offset 1e4", "grid", "one-hot", "duplicates", "all equal", "zero rows", "scales",
                                "huge", "tiny", "subnormal", "collinear"});
}

// Labels for rows of both sides, so that they share classes.
inline std::vector<int64_t> draw_labels(int64_t rows) {
    std::vector<int64_t> labels(static_cast<size_t>(rows));
    const int64_t shape = uniform(0, 9);
    const int64_t classes = shape == 0 ? 1 : shape == 1 ? std::max<int64_t>(1, 2 * rows) : uniform(2, 9);
    std::vector<int64_t> names;
    for (int64_t c = 0; c < classes; ++c) {
        names.push_back(
            one_of<int64_t>({c, -c, c + (int64_t{1} << 32), static_cast<int64_t>(generator()()),
                             std::numeric_limits<int64_t>::min() + c, std::numeric_limits<int64_t>::max() - c}));
    }
    int64_t i = 0;
    for (int64_t& label : labels) {
        // shape 1: nearly all singletons; 2: all distinct; 3: in runs, as a sampler gives them
        const int64_t c = shape == 2 ? 0 : shape == 3 ? i / 4 % classes : uniform(0, classes - 1);
        label = shape == 2 ? i * 1'000'000'007 : names[static_cast<size_t>(c)];
        ++i;
    }
    return labels;
}

inline int64_t draw_rows() {
    if (one_in(12)) return uniform(0, 2);
    if (one_in(40)) return uniform(100, 300);
    return uniform(3, 70);
}

inline int64_t draw_columns(int64_t rows) {
    if (rows < 40 && one_in(20)) return one_of<int64_t>({511, 512, 513});
    return one_of<int64_t>({1, 2, 3, 15, 16, 17, 33, 64, 127, 128, 129});
}

// Each anchor is in the references at a row of its own, or not at all; there its label is mostly its own.
inline void place_anchors(MiningInput& in) {
    std::vector<int64_t> rows(static_cast<size_t>(in.m));
    for (int64_t j = 0; j < in.m; ++j) rows[static_cast<size_t>(j)] = j;
    std::shuffle(rows.begin(), rows.end(), generator());
    in.has_self = true;
    in.self.assign(static_cast<size_t>(in.n), -1);
    for (int64_t i = 0; i < std::min(in.n, in.m); ++i) {
        if (one_in(5)) continue;
        const int64_t at = rows[static_cast<size_t>(i)];
        in.self[static_cast<size_t>(i)] = at;
        std::copy_n(in.x.data() + i * in.d, in.d, in.y.data() + at * in.d);
        if (!one_in(8)) in.y_labels[static_cast<size_t>(at)] = in.labels[static_cast<size_t>(i)];
    }
}

// A fresh input for a distance.
inline MiningInput draw_input(int distance) {
    MiningInput in;
    in.distance = distance;
    in.kind = draw_kind();
    in.n = draw_rows();
    in.separate = one_in(3);
    in.m = in.separate ? draw_rows() : 0;
    in.d = draw_columns(std::max(in.n, in.m));
    in.x = RowGenerator(in.kind, in.n + in.m, in.d).draw();
    in.labels = draw_labels(in.n + in.m);
    if (in.separate) {
        in.y.assign(in.x.begin() + in.n * in.d, in.x.end());
        in.y.push_back(0);
        in.x.resize(static_cast<size_t>(in.n * in.d));
        in.y_labels.assign(in.labels.begin() + in.n, in.labels.end());
        in.y_labels.push_back(0);
        in.labels.resize(static_cast<size_t>(in.n));
        if (one_in(2)) place_anchors(in);
    }
    in.seed = static_cast<int64_t>(generator()());
    in.step = uniform(0, 1000);
    const double infinity = std::numeric_limits<double>::infinity();
    in.margin = one_of({0.0, 0.1, 0.2, 1.0, uniform_real(0, 5), 1e-9, infinity});
    return in;
}
