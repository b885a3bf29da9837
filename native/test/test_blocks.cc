// Fast sums against exact distances: each pair within its bounds, and what the miners do where bfloat16 is not enough.

#include "dispatch.h"
#include "fast/packed_problem.h"
#include "fast/sorted_rows.h"
#include "mining_input.h"
#include "owned_problem.h"

namespace {

using mien::PackedProblem;

struct Rows {
    std::string kind;
    int64_t n, m, d;
    int distance;
    std::vector<float> x, y;
    std::vector<int64_t> labels, y_labels;

    Rows(std::string kind_of_rows, int64_t anchors, int64_t references, int64_t columns, int of)
        : kind(std::move(kind_of_rows)), n(anchors), m(references), d(columns), distance(of) {
        x = RowGenerator(kind, n, d).draw();
        y = RowGenerator(kind, m, d).draw();
        for (int64_t i = 0; i < n; ++i) labels.push_back(uniform(0, 3));
        for (int64_t i = 0; i < m; ++i) y_labels.push_back(uniform(0, 3));
    }

    mien::OwnedProblem problem() const {
        return mien::OwnedProblem({x.data(), labels.data(), n, m > 0 ? y.data() : nullptr,
                                   m > 0 ? y_labels.data() : nullptr, m, nullptr, d, distance});
    }
    std::string describe() const {
        return kind + ", distance " + std::to_string(distance) + ", n=" + std::to_string(n) +
               " m=" + std::to_string(m) + " d=" + std::to_string(d);
    }
};

// A pair with the exact distance `distance` may have the sum; the limits that follow from it are on its outer sides.
bool within(const mien::Bounds& bounds, int kind, double distance, float sum) {
    const double radius = mien::radius_of(kind, distance);
    return bounds.low(sum) <= radius && radius <= bounds.high(sum) && sum <= bounds.ceiling(radius) &&
           sum >= bounds.floor(radius) && sum <= bounds.beyond(sum) && sum >= bounds.before(sum);
}

void check_sums(const Rows& rows, int chunk, bool rounded) {
    const mien::OwnedProblem problem = rows.problem();
    if (rounded && !PackedProblem::can_round(*problem, *mien::kernels().blocks)) return;
    const PackedProblem packed(*problem, *mien::kernels().blocks, chunk, rounded);
    std::vector<double> exact(static_cast<size_t>(problem->m));
    std::vector<float> sums(mien::kBlock * mien::kBlock);
    for (int64_t block = 0; block < packed.anchors().blocks(); ++block) {
        for (int64_t other = 0; other < packed.references().blocks(); ++other) {
            packed.block_sums(block, other, sums.data());
            for (int i = 0; i < packed.anchors().rows(block); ++i) {
                const int32_t anchor = packed.anchor_at(block * mien::kBlock + i);
                mien::kernels().exact_rows(*problem, &anchor, 1, exact.data());
                for (int j = 0; j < packed.references().rows(other); ++j) {
                    const int32_t row = packed.reference_at(other * mien::kBlock + j);
                    const float sum = sums[static_cast<size_t>(i * mien::kBlock + j)];
                    const double distance = exact[static_cast<size_t>(row)];
                    if (within(packed.bounds(), rows.distance, distance, sum)) continue;
                    CHECK(false, "%s, %s, chunk %d: rows %d and %d at %.9g have the sum %.9g (scale %g)",
                          rows.describe().c_str(), rounded ? "rounded" : "float32", chunk, anchor, row, distance, sum,
                          packed.scale());
                    return;
                }
            }
        }
    }
}

void test_every_sum_is_within_its_bounds() {
    for (const char* kind :
         {"gaussian", "offset 100", "offset 1e4", "near-duplicates", "near-duplicates far off", "grid", "one-hot",
          "duplicates", "all equal", "zero rows", "scales", "huge", "tiny", "subnormal", "collinear"}) {
        for (int distance = 0; distance < 4; ++distance) {
            const Rows rows(kind, uniform(1, 130), one_in(2) ? 0 : uniform(1, 130),
                            one_of<int64_t>({1, 2, 3, 15, 16, 17, 33, 127, 130, 511, 513, 1030}), distance);
            for (const bool rounded : {false, true}) check_sums(rows, one_of({32, 64, 128}), rounded);
        }
    }
}

// Distances in float64 but in any order of columns stay within their slack of the exact ones.
void test_distances_within_their_slack() {
    for (const char* kind : {"gaussian", "offset 1e4", "near-duplicates", "near-duplicates far off", "grid",
                             "all equal", "zero rows", "scales", "huge", "tiny", "subnormal", "collinear"}) {
        for (int distance = 0; distance < 4; ++distance) {
            const Rows rows(kind, uniform(2, 60), 0, one_of<int64_t>({1, 2, 15, 16, 17, 33, 511, 513, 1030}), distance);
            const mien::OwnedProblem problem = rows.problem();
            const PackedProblem packed(*problem, *mien::kernels().blocks);
            const mien::SortedRows sorted(packed);
            for (int32_t a = 0; a < problem->n; ++a) {
                const int32_t b = static_cast<int32_t>(uniform(0, problem->n - 1));
                const int32_t row = packed.anchor_at(a), other = packed.anchor_at(b);
                double near, exact, of_sorted;
                sorted.distances(&a, &b, 1, &near);
                mien::kernels().exact_pairs(*problem, &row, &other, 1, &exact);
                mien::kernels().exact_pairs(sorted.problem(), &a, &b, 1, &of_sorted);
                CHECK(exact == of_sorted, "%s: %.17g, sorted %.17g", rows.describe().c_str(), exact, of_sorted);
                CHECK(std::abs(near - exact) <= sorted.slack(near), "%s: %.17g, in any order %.17g",
                      rows.describe().c_str(), exact, near);
            }
        }
    }
}

// The first pass is for rows that it tells apart; of others it must not be expected.
void test_rounded_rows_are_sharp_where_they_tell_pairs_apart() {
    const auto sharp = [](const char* kind, int distance) {
        const Rows rows(kind, 300, 0, 64, distance);
        const mien::OwnedProblem problem = rows.problem();
        return PackedProblem(*problem, *mien::kernels().blocks, mien::kSearchChunk, true).sharp();
    };
    for (const int distance : {mien::kEuclidean, mien::kSquaredEuclidean}) {
        CHECK(sharp("gaussian", distance), "normal deviates");
        CHECK(!sharp("offset 100", distance), "a cloud far from the origin");
        CHECK(!sharp("all equal", distance), "equal rows");
    }
    CHECK(sharp("gaussian", mien::kCosine), "normal deviates");
}

}  // namespace

int main() {
    return run([] {
        if (mien::kernels().blocks == nullptr) return;  // the serial tier has none
        test_distances_within_their_slack();
        for (int i = 0; i < 4; ++i) test_every_sum_is_within_its_bounds();
        if (mien::kernels().blocks->products != nullptr) test_rounded_rows_are_sharp_where_they_tell_pairs_apart();
    });
}
