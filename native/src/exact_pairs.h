#pragma once

#include <vector>

#include "dispatch.h"

namespace mien {

// Pairs whose exact distances are wanted, gathered so that many are computed side by side.
class ExactPairs {
public:
    explicit ExactPairs(const MiningProblem& problem) : problem_(problem) {}

    void clear() {
        anchors_.clear();
        rows_.clear();
    }
    void add(int32_t anchor, int32_t row) {
        anchors_.push_back(anchor);
        rows_.push_back(row);
    }
    int size() const { return static_cast<int>(rows_.size()); }
    int32_t row(int i) const { return rows_[static_cast<size_t>(i)]; }

    // As exact_rows computes them, bit for bit.
    void compute() {
        distances_.resize(rows_.size());
        kernels().exact_pairs(problem_, anchors_.data(), rows_.data(), size(), distances_.data());
    }
    double distance(int i) const { return distances_[static_cast<size_t>(i)]; }
    Ranked ranked(int i) const { return {distance(i), row(i)}; }

private:
    const MiningProblem& problem_;
    std::vector<int32_t> anchors_, rows_;
    std::vector<double> distances_;
};

}  // namespace mien
