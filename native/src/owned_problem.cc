#include "owned_problem.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "checks.h"

namespace mien {
namespace {

// Labels that span fewer than so many times the rows are sorted by counting.
constexpr uint64_t kDense = 4;

void check_count(const char* name, int64_t rows) {
    require(rows >= 0, std::string(name) + " has a negative number of rows: " + std::to_string(rows));
    require(rows <= std::numeric_limits<int32_t>::max(),
            std::string(name) + " has " + std::to_string(rows) + " rows; mining takes fewer than 2^31");
}

void check_labels(const char* name, const int64_t* labels, int64_t rows) {
    require(labels != nullptr || rows == 0, std::string(name) + " is null, not (" + std::to_string(rows) + ")");
}

}  // namespace

OwnedProblem::OwnedProblem(const MiningArguments& a) {
    set_rows(a.x, a.n, a.y, a.m, a.d, a.distance);
    set_classes(a.labels, a.y == nullptr ? nullptr : a.y_labels, a.self);
}

OwnedProblem::OwnedProblem(const int64_t* labels, int64_t n, const int64_t* y_labels, int64_t m, const int64_t* self) {
    problem_.symmetric = y_labels == nullptr;
    problem_.n = n;
    problem_.m = problem_.symmetric ? n : m;
    check_count("labels", problem_.n);
    check_count("y_labels", problem_.m);
    set_classes(labels, y_labels, self);
}

OwnedProblem::OwnedProblem(const float* x, int64_t n, const float* y, int64_t m, int64_t d, int distance) {
    set_rows(x, n, y, m, d, distance);
}

void OwnedProblem::set_rows(const float* x, int64_t n, const float* y, int64_t m, int64_t d, int distance) {
    check_columns(d);
    check_distance(distance);
    const bool symmetric = y == nullptr;
    if (symmetric) {
        y = x;
        m = n;
    }
    check_count("x", n);
    check_count("y", m);
    check_shape({"x", x, n, d});
    check_shape({"y", y, m, d});
    const Matrix anchors{"the embeddings", x, n, d}, references{"the references", y, m, d};
    problem_.largest = check_finite(anchors);
    if (!symmetric) problem_.largest = std::max(problem_.largest, check_finite(references));
    problem_.x = x;
    problem_.y = y;
    problem_.symmetric = symmetric;
    problem_.n = n;
    problem_.m = m;
    problem_.d = d;
    problem_.distance = distance;
    if (distance != kCosine) return;
    x_norms_ = norms(anchors);
    if (!symmetric) y_norms_ = norms(references);
    problem_.x_norms = x_norms_.data();
    problem_.y_norms = symmetric ? x_norms_.data() : y_norms_.data();
}

void OwnedProblem::set_classes(const int64_t* labels, const int64_t* y_labels, const int64_t* self) {
    check_labels("labels", labels, problem_.n);
    if (!problem_.symmetric) check_labels("y_labels", y_labels, problem_.m);
    sort_references(problem_.symmetric ? labels : y_labels);
    if (problem_.symmetric) {
        x_class_ = y_class_;
    } else {
        find_anchors(labels);
    }
    set_self(self);
    problem_.self = self_.data();
    problem_.x_class = x_class_.data();
    problem_.y_class = y_class_.data();
    problem_.classes = static_cast<int32_t>(class_label_.size());
    problem_.class_begin = class_begin_.data();
    problem_.order = order_.data();
}

// Classes are numbered by rising label.
void OwnedProblem::sort_references(const int64_t* y_labels) {
    const int32_t m = static_cast<int32_t>(problem_.m);
    const auto [least, most] = std::minmax_element(y_labels, y_labels + m);
    // No overflow: what does not fit wraps around to a large number.
    const uint64_t range = m == 0 ? 0 : static_cast<uint64_t>(*most) - static_cast<uint64_t>(*least);
    if (m > 0 && range < kDense * static_cast<uint64_t>(m)) {
        return count_references(y_labels, *least, static_cast<int64_t>(range) + 1);
    }
    std::vector<std::pair<int64_t, int32_t>> sorted(static_cast<size_t>(m));
    for (int32_t j = 0; j < m; ++j) sorted[static_cast<size_t>(j)] = {y_labels[j], j};
    std::sort(sorted.begin(), sorted.end());
    y_class_.resize(static_cast<size_t>(m));
    for (const auto& [label, row] : sorted) {
        if (class_label_.empty() || class_label_.back() != label) {
            class_label_.push_back(label);
            class_begin_.push_back(static_cast<int32_t>(order_.size()));
        }
        y_class_[static_cast<size_t>(row)] = static_cast<int32_t>(class_label_.size() - 1);
        order_.push_back(row);
    }
    class_begin_.push_back(m);
}

// The same by counting, where the labels least..least + range - 1 are few: n = 4,096 takes a tenth of the time.
void OwnedProblem::count_references(const int64_t* y_labels, int64_t least, int64_t range) {
    const size_t m = static_cast<size_t>(problem_.m);
    std::vector<int32_t> next(static_cast<size_t>(range));  // how many references; then where the next one goes
    for (size_t j = 0; j < m; ++j) ++next[static_cast<size_t>(y_labels[j] - least)];
    class_of_.assign(next.size(), -1);
    int32_t begin = 0;
    for (size_t label = 0; label < next.size(); ++label) {
        if (next[label] == 0) continue;
        class_of_[label] = static_cast<int32_t>(class_label_.size());
        class_label_.push_back(least + static_cast<int64_t>(label));
        class_begin_.push_back(begin);
        begin += std::exchange(next[label], begin);
    }
    class_begin_.push_back(begin);
    y_class_.resize(m);
    order_.resize(m);
    for (size_t j = 0; j < m; ++j) {
        const size_t label = static_cast<size_t>(y_labels[j] - least);
        y_class_[j] = class_of_[label];
        order_[static_cast<size_t>(next[label]++)] = static_cast<int32_t>(j);
    }
}

int32_t OwnedProblem::class_with(int64_t label) const {
    if (!class_of_.empty()) {
        const uint64_t above = static_cast<uint64_t>(label) - static_cast<uint64_t>(class_label_.front());
        return above < class_of_.size() ? class_of_[above] : -1;
    }
    const auto at = std::lower_bound(class_label_.begin(), class_label_.end(), label);
    return at != class_label_.end() && *at == label ? static_cast<int32_t>(at - class_label_.begin()) : -1;
}

void OwnedProblem::find_anchors(const int64_t* labels) {
    x_class_.resize(static_cast<size_t>(problem_.n));
    for (size_t i = 0; i < x_class_.size(); ++i) x_class_[i] = class_with(labels[i]);
}

void OwnedProblem::set_self(const int64_t* self) {
    self_.assign(static_cast<size_t>(problem_.n), -1);
    if (problem_.symmetric) {
        std::iota(self_.begin(), self_.end(), 0);
        return;
    }
    for (int64_t i = 0; self != nullptr && i < problem_.n; ++i) {
        if (self[i] < -1 || self[i] >= problem_.m) {
            require(false, "self of anchor " + std::to_string(i) + " is " + std::to_string(self[i]) +
                               ", which is no row of the " + std::to_string(problem_.m) + " references");
        }
        self_[static_cast<size_t>(i)] = static_cast<int32_t>(self[i]);
    }
}

}  // namespace mien
