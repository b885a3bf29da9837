#pragma once

#include <cstdint>
#include <vector>

#include "mien/mien.h"
#include "mining.h"

namespace mien {

// The flat arguments of a miner, as mien.h has them.
struct MiningArguments {
    const float* x;
    const int64_t* labels;
    int64_t n;
    const float* y;
    const int64_t* y_labels;
    int64_t m;
    const int64_t* self;
    int64_t d;
    int distance;
};

// Checks the arguments of a miner and holds what a MiningProblem points to.
class OwnedProblem {
public:
    explicit OwnedProblem(const MiningArguments& arguments);

    // Labels without rows, for what needs no distance: symmetric where y_labels is null.
    OwnedProblem(const int64_t* labels, int64_t n, const int64_t* y_labels, int64_t m, const int64_t* self);

    // Rows without labels: x alone, or with y.
    OwnedProblem(const float* x, int64_t n, const float* y, int64_t m, int64_t d, int distance);

    OwnedProblem(const OwnedProblem&) = delete;
    OwnedProblem& operator=(const OwnedProblem&) = delete;

    const MiningProblem& operator*() const { return problem_; }
    const MiningProblem* operator->() const { return &problem_; }

private:
    void set_rows(const float* x, int64_t n, const float* y, int64_t m, int64_t d, int distance);
    void set_classes(const int64_t* labels, const int64_t* y_labels, const int64_t* self);
    void sort_references(const int64_t* y_labels);
    void count_references(const int64_t* y_labels, int64_t least, int64_t range);
    void find_anchors(const int64_t* labels);
    // -1 when no reference has the label.
    int32_t class_with(int64_t label) const;
    void set_self(const int64_t* self);

    MiningProblem problem_{};
    std::vector<double> x_norms_, y_norms_;
    std::vector<int64_t> class_label_;  // (classes), rising
    std::vector<int32_t> class_of_;     // by label above the least one, -1 for none; empty where labels lie far apart
    std::vector<int32_t> self_, x_class_, y_class_, class_begin_, order_;
};

}  // namespace mien
