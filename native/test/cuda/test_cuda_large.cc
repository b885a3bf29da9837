// test_cuda_large [n] [d]: the CUDA library against the CPU's kernels on a batch too large for the brute force, in
// every precision.

#include "../mining_checks.h"
#include "on_device.h"

namespace {

using Rows = std::vector<int64_t>;

struct Batch {
    int64_t n, d;
    std::vector<float> x;
    Rows labels;

    Batch(int64_t rows, int64_t columns, const char* kind)
        : n(rows), d(columns), x(RowGenerator(kind, rows, columns).draw()) {
        for (int64_t i = 0; i < n; ++i) labels.push_back(i / 8 % 97);
    }
};

int64_t differing(const Rows& a, const Rows& b) {
    int64_t count = a.size() == b.size() ? 0 : static_cast<int64_t>(a.size() + b.size());
    for (size_t i = 0; count == 0 && i < a.size(); ++i) count += a[i] != b[i] ? 1 : 0;
    return count;
}

struct Hard {
    Rows positive, negative;

    explicit Hard(int64_t n, int64_t window = 1)
        : positive(static_cast<size_t>(n), -9), negative(static_cast<size_t>(n * window), -9) {}
};

struct List {
    Rows anchor, positive, negative;

    explicit List(int64_t capacity) : anchor(static_cast<size_t>(capacity), -9), positive(anchor), negative(anchor) {}
    void resize(int64_t size) {
        for (Rows* rows : {&anchor, &positive, &negative}) rows->resize(static_cast<size_t>(size));
    }
};

void same_rows(const char* what, int distance, const Hard& a, const Hard& b) {
    CHECK(differing(a.positive, b.positive) + differing(a.negative, b.negative) == 0, "%s, distance %d, precision %d",
          what, distance, on_device::precision);
}

void same_rows(const char* what, int distance, const List& a, const List& b) {
    CHECK(differing(a.anchor, b.anchor) + differing(a.positive, b.positive) + differing(a.negative, b.negative) == 0,
          "%s, distance %d, precision %d", what, distance, on_device::precision);
}

void compare_anchors(const Batch& b, int distance) {
    for (const int64_t ranks : {1, 5}) {
        Hard ours(b.n, ranks), theirs(b.n, ranks);
        on_device::batch_hard(b.x.data(), b.labels.data(), b.n, nullptr, nullptr, 0, nullptr, b.d, distance, 1, ranks,
                              ours.positive.data(), ours.negative.data(), nullptr, nullptr);
        mien::batch_hard(b.x.data(), b.labels.data(), b.n, nullptr, nullptr, 0, nullptr, b.d, distance, 1, ranks,
                         theirs.positive.data(), theirs.negative.data(), nullptr, nullptr);
        same_rows("batch-hard", distance, ours, theirs);
    }
    for (const int choice : {mien::kHard, mien::kSemiHard}) {
        Hard ours(b.n), theirs(b.n);
        on_device::easy_positive(b.x.data(), b.labels.data(), b.n, nullptr, nullptr, 0, nullptr, b.d, distance, 0.2,
                                 choice, ours.positive.data(), ours.negative.data());
        mien::easy_positive(b.x.data(), b.labels.data(), b.n, nullptr, nullptr, 0, nullptr, b.d, distance, 0.2, choice,
                            theirs.positive.data(), theirs.negative.data());
        same_rows("easy-positive", distance, ours, theirs);
    }
    Rows ours(static_cast<size_t>(b.n), -9), theirs(ours);
    on_device::batch_all_counts(b.x.data(), b.labels.data(), b.n, nullptr, nullptr, 0, nullptr, b.d, distance, 0.2,
                                ours.data());
    mien::batch_all_counts(b.x.data(), b.labels.data(), b.n, nullptr, nullptr, 0, nullptr, b.d, distance, 0.2,
                           theirs.data());
    CHECK(differing(ours, theirs) == 0, "batch-all counts, distance %d, precision %d", distance, on_device::precision);
}

void compare_lists(const Batch& b, int distance) {
    const int64_t pairs = mien::positive_pairs(b.labels.data(), b.n, nullptr, 0, nullptr);
    for (const int semantics : {mien::kFacenet, mien::kTfa, mien::kViolating}) {
        List ours(pairs), theirs(pairs);
        ours.resize(on_device::semi_hard(b.x.data(), b.labels.data(), b.n, nullptr, nullptr, 0, nullptr, b.d, distance,
                                         0.2, semantics, 1, 2, pairs, ours.anchor.data(), ours.positive.data(),
                                         ours.negative.data()));
        theirs.resize(mien::semi_hard(b.x.data(), b.labels.data(), b.n, nullptr, nullptr, 0, nullptr, b.d, distance,
                                      0.2, semantics, 1, 2, pairs, theirs.anchor.data(), theirs.positive.data(),
                                      theirs.negative.data()));
        same_rows("semi-hard", distance, ours, theirs);
    }
}

void compare_loss(const Batch& b, int distance) {
    double ours, theirs;
    int64_t counts[4];
    std::vector<float> gradient(b.x.size()), other(b.x.size());
    on_device::batch_all_loss(b.x.data(), b.labels.data(), b.n, b.d, distance, 0.2, &ours, counts, counts + 1,
                              gradient.data());
    mien::batch_all_loss(b.x.data(), b.labels.data(), b.n, b.d, distance, 0.2, &theirs, counts + 2, counts + 3,
                         other.data());
    double error = 0, size = 0;
    for (size_t i = 0; i < gradient.size(); ++i) {
        error += std::pow(static_cast<double>(gradient[i]) - other[i], 2);
        size += std::pow(static_cast<double>(other[i]), 2);
    }
    CHECK(counts[0] == counts[2] && counts[1] == counts[3], "batch-all loss, distance %d: triplets", distance);
    CHECK(std::abs(ours - theirs) <= 1e-5 * theirs, "batch-all loss, distance %d: %g, not %g", distance, ours, theirs);
    CHECK(error <= 1e-9 * size, "batch-all loss, distance %d: gradient off by %g", distance, std::sqrt(error / size));
}

}  // namespace

int main(int argc, char** argv) {
    const int64_t n = argc > 1 ? std::strtoll(argv[1], nullptr, 10) : 3000;
    const int64_t d = argc > 2 ? std::strtoll(argv[2], nullptr, 10) : 200;
    return run([&] {
        for (const char* kind : {"gaussian", "offset 100", "near-duplicates", "duplicates"}) {
            const Batch batch(n, d, kind);
            for (int distance = 0; distance < 4; ++distance) {
                for (const int precision : {kMienPrecisionFloat32, kMienPrecisionTf32, kMienPrecisionBfloat16}) {
                    on_device::precision = precision;
                    compare_anchors(batch, distance);
                }
                on_device::precision = kMienPrecisionTf32;
                compare_lists(batch, distance);
                if (std::strcmp(kind, "gaussian") == 0) compare_loss(batch, distance);
            }
        }
    });
}
