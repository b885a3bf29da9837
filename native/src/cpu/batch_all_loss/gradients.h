#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

#include "fast/packed_problem.h"
#include "fast/sorted_rows.h"
#include "mien/mien.h"
#include "parallel.h"
#include "scratch.h"

namespace mien {

// The gradient of a sum of distances, one row for each position, and what pairs of two blocks add to it: a coefficient
// for each, times the direction from the other row to the row.
class Gradients {
public:
    // Nothing is allocated unless wanted.
    Gradients(const PackedProblem& packed, const SortedRows& rows, bool wanted)
        : packed_(packed),
          p_(packed.problem()),
          rows_(rows),
          wanted_(wanted),
          units_(wanted && p_.distance == kCosine ? p_.n * rows.stride() : 0),
          sums_(wanted ? p_.n * rows.stride() : 0) {
        if (!wanted) return;
        if (p_.distance == kCosine) packed.copy_anchors(p_.x_norms, rows.stride(), units_.get());
        std::fill_n(sums_.get(), p_.n * rows.stride(), 0.0f);
    }

    bool wanted() const { return wanted_; }

    // coefficients (kBlock, kBlock): of each row of a block and each of another.
    void add(int64_t block, int64_t other, const float* coefficients) {
        const BlockKernels& kernels = packed_.kernels();
        const auto kernel = p_.distance == kManhattan ? kernels.gradient_of_absolutes : kernels.gradient_of_squares;
        const int64_t at = place(block * kBlock);
        kernel(coefficients, directions() + at, packed_.anchors().rows(block), directions() + place(other * kBlock),
               packed_.anchors().rows(other), rows_.width(), rows_.stride(), sums_.get() + at);
    }

    // coefficients (count): of one position and a few rows of a block.
    void add(int64_t position, int64_t other, const int32_t* rows_of_other, int count, const float* coefficients) {
        const BlockKernels& kernels = packed_.kernels();
        const auto kernel =
            p_.distance == kManhattan ? kernels.row_gradient_of_absolutes : kernels.row_gradient_of_squares;
        const int64_t at = place(position);
        kernel(coefficients, rows_of_other, count, directions() + at, directions() + place(other * kBlock),
               rows_.width(), rows_.stride(), sums_.get() + at);
    }

    // Into out (n, d) in order of rows; for cosine without what lies along the row, which is lost in the normalisation.
    // False where hardly anything remains then, so that rounding would show.
    bool write(float* out) const {
        std::vector<double> before(static_cast<size_t>(p_.n)), after(before);
        parallel_rows(p_.n, static_cast<double>(p_.n) * static_cast<double>(p_.d), [&](int64_t begin, int64_t end) {
            for (int64_t at = begin; at < end; ++at) {
                const float* sums = sums_.get() + place(at);
                const float* unit = directions() + place(at);
                float* const to = out + packed_.anchor_at(at) * p_.d;
                double along = 0, factor = 1;
                if (p_.distance == kCosine) {
                    const double norm = p_.x_norms[packed_.anchor_at(at)];
                    factor = norm == 0 ? 0 : 1 / norm;
                    for (int64_t k = 0; k < p_.d; ++k) along += static_cast<double>(sums[k]) * unit[k];
                }
                double squares = 0;
                for (int64_t k = 0; k < p_.d; ++k) {
                    const double across = (sums[k] - along * unit[k]) * factor;
                    to[k] = static_cast<float>(across);
                    squares += across * across;
                }
                after[static_cast<size_t>(at)] = squares;
                before[static_cast<size_t>(at)] = squares + along * factor * along * factor;
            }
        });
        if (p_.distance != kCosine) return true;
        const double all = std::accumulate(before.begin(), before.end(), 0.0);
        return std::accumulate(after.begin(), after.end(), 0.0) >= kLeastAcross * kLeastAcross * all;
    }

private:
    // Sums are good to 1e-7: what is left of them must be more than this share of them.
    static constexpr double kLeastAcross = 0.02;

    int64_t place(int64_t position) const { return position * rows_.stride(); }
    // Rows whose differences are the derivatives of distances, up to a factor.
    const float* directions() const { return p_.distance == kCosine ? units_.get() : rows_.rows(); }

    const PackedProblem& packed_;
    const MiningProblem& p_;
    const SortedRows& rows_;
    bool wanted_;
    Scratch<float> units_;  // rows divided by their norms; cosine only
    Scratch<float> sums_;
};

}  // namespace mien
