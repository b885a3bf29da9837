// What mien.h promises of mining beside the choice itself: refusals, threads, order of rows, callers at once.

#include <atomic>
#include <thread>

#include "mining_checks.h"

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

void expect(const std::string& message, const std::string& whole) {
    CHECK(message == whole, "'%s', not '%s'", message.c_str(), whole.c_str());
}

MiningInput gaussian(int64_t n, int64_t d, int64_t classes) {
    MiningInput in;
    in.kind = "gaussian";
    in.n = n;
    in.d = d;
    in.x = RowGenerator(in.kind, n, d).draw();
    for (int64_t i = 0; i < n; ++i) in.labels.push_back(uniform(0, classes - 1));
    in.margin = 0.5;
    return in;
}

// All results of one input, to be compared bit by bit.
struct Results {
    std::vector<int64_t> rows;
    std::vector<float> distances, gradient;
    double loss = 0;

    bool operator==(const Results& o) const {
        return rows == o.rows && distances == o.distances && gradient == o.gradient && loss == o.loss;
    }
};

int64_t* add(std::vector<int64_t>& rows, size_t count) {
    rows.resize(rows.size() + count, -9);
    return rows.data() + rows.size() - count;
}

Results mine(const MiningInput& in) {
    Results r;
    r.rows.reserve(100000);
    const size_t n = static_cast<size_t>(in.n);
    r.distances.resize(2 * n);
    r.gradient.resize(in.x.size());
    int64_t *const positive = add(r.rows, n), *const negative = add(r.rows, n);
    mien::batch_hard(in.x.data(), in.labels.data(), in.n, nullptr, nullptr, 0, nullptr, in.d, in.distance, 1, 1,
                     positive, negative, r.distances.data(), r.distances.data() + n);
    for (float& value : r.distances) value = std::isnan(value) ? -1 : value;
    TripletArrays t(mien::positive_pairs(in.labels.data(), in.n, nullptr, 0, nullptr));
    mien::semi_hard(in.x.data(), in.labels.data(), in.n, nullptr, nullptr, 0, nullptr, in.d, in.distance, in.margin,
                    mien::kViolating, 1, 2, t.capacity(), t.anchor.data(), t.positive.data(), t.negative.data());
    r.rows.insert(r.rows.end(), t.negative.begin(), t.negative.end());
    int64_t active = 0, triplets = 0;
    mien::batch_all_loss(in.x.data(), in.labels.data(), in.n, in.d, in.distance, in.margin, &r.loss, &active, &triplets,
                         r.gradient.data());
    r.rows.push_back(active);
    return r;
}

void test_same_answer_on_any_number_of_threads() {
    for (int distance = 0; distance < 4; ++distance) {
        MiningInput in = gaussian(130, 33, 5);
        in.distance = distance;
        mien::set_threads(1);
        const Results expected = mine(in);
        for (const int threads : {2, 3, 8}) {
            mien::set_threads(threads);
            for (int repeat = 0; repeat < 3; ++repeat) {
                CHECK(mine(in) == expected, "distance %d, %d threads", distance, threads);
            }
        }
    }
}

void test_concurrent_callers() {
    mien::set_threads(3);
    const MiningInput in = gaussian(90, 20, 4);
    const Results expected = mine(in);
    std::atomic<int> wrong{0};
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 4; ++caller) {
        callers.emplace_back([&] {
            for (int repeat = 0; repeat < 4; ++repeat) wrong += !(mine(in) == expected);
        });
    }
    for (std::thread& caller : callers) caller.join();
    CHECK(wrong == 0, "%d wrong answers", wrong.load());
}

// Without ties the rows may come in any order: the same rows are chosen, by their new numbers.
void test_order_of_rows() {
    for (int distance = 0; distance < 4; ++distance) {
        MiningInput in = gaussian(60, 17, 4), moved = in;
        in.distance = moved.distance = distance;
        std::vector<size_t> to(static_cast<size_t>(in.n));
        for (size_t i = 0; i < to.size(); ++i) to[i] = i;
        std::shuffle(to.begin(), to.end(), generator());
        for (size_t i = 0; i < to.size(); ++i) {
            moved.labels[to[i]] = in.labels[i];
            std::copy_n(in.x.data() + static_cast<int64_t>(i) * in.d, in.d,
                        moved.x.data() + static_cast<int64_t>(to[i]) * in.d);
        }
        const Results before = mine(in), after = mine(moved);
        const size_t n = to.size();
        for (size_t i = 0; i < 2 * n; ++i) {
            const size_t at = i < n ? to[i] : n + to[i - n];
            const int64_t chosen = before.rows[i];
            CHECK(after.rows[at] == (chosen < 0 ? -1 : static_cast<int64_t>(to[static_cast<size_t>(chosen)])),
                  "distance %d, row %zu", distance, i);
        }
        CHECK(std::abs(before.loss - after.loss) <= 1e-9 * before.loss, "loss %g, then %g", before.loss, after.loss);
    }
}

// Points on a line: 0 (a), 1 (b), 2 (a), 2 (b), 9 (c, alone in its class).
void test_by_hand() {
    const std::vector<float> x{0, 1, 2, 2, 9};
    const std::vector<int64_t> labels{7, -7, 7, -7, 0};
    std::vector<int64_t> positive(5), negative(5);
    std::vector<float> dp(5), dn(5);
    mien::batch_hard(x.data(), labels.data(), 5, nullptr, nullptr, 0, nullptr, 1, mien::kEuclidean, 1, 1,
                     positive.data(), negative.data(), dp.data(), dn.data());
    CHECK(positive == std::vector<int64_t>({2, 3, 0, 1, -1}), "positives");
    CHECK(negative == std::vector<int64_t>({1, 0, 3, 2, -1}), "negatives");
    CHECK(dp[0] == 2 && dn[0] == 1 && dn[2] == 0 && std::isnan(dp[4]) && std::isnan(dn[4]), "distances");
    double loss = 0;
    int64_t active = 0, triplets = 0;
    std::vector<float> gradient(5);
    mien::batch_all_loss(x.data(), labels.data(), 5, 1, mien::kEuclidean, 0.5, &loss, &active, &triplets,
                         gradient.data());
    // (0 2 1) 1.5, (0 2 3) .5, (1 3 0) .5, (1 3 2) .5, (2 0 1) 1.5, (2 0 3) 2.5, (3 1 0) 0, (3 1 2) 1.5
    CHECK(loss == 8.5 && active == 7 && triplets == 12, "loss %g, %ld of %ld", loss, active, triplets);
    float sum = 0;
    for (const float part : gradient) sum += part;
    CHECK(std::abs(sum) < 1e-5f, "a move of all rows changes the loss by %g", static_cast<double>(sum));
    CHECK(gradient[4] == 0, "an unused row is moved");
}

// What dev.mien.miners.CounterRandom draws: Java and native choose the same triplets. test_mining holds the library to
// these draws.
void test_draws_are_those_of_java() {
    const OracleRandom zero(0, 0), some(42, 7), extreme(std::numeric_limits<int64_t>::min(), 1000);
    CHECK(zero.below(1000, 0, 0) == 129 && zero.unit(0, 0) == 0x1.0983a455564p-3, "zero");
    CHECK(some.below(2147483647, 3, -1) == 106275605 && some.unit(3, -1) == 0x1.9568c58cc262p-5, "some");
    CHECK(extreme.below(1000, 70, 12) == 650 && extreme.unit(70, 12) == 0x1.4cecc5d415084p-1, "extreme");
}

void test_references_alone() {
    // A single anchor in cross-batch memory: reference 1 is the anchor itself and takes no part.
    const std::vector<float> x{0}, y{3, 0, 5, 4};
    const int64_t label = 1, self = 1;
    const std::vector<int64_t> y_labels{1, 2, 2, 1};
    int64_t positive = -9, negative = -9;
    mien::batch_hard(x.data(), &label, 1, y.data(), y_labels.data(), 4, &self, 1, mien::kManhattan, 1, 1, &positive,
                     &negative, nullptr, nullptr);
    CHECK(positive == 3 && negative == 2, "%ld and %ld", positive, negative);
    CHECK(mien::positive_pairs(&label, 1, y_labels.data(), 4, &self) == 2, "pairs");
    mien::batch_hard(x.data(), &label, 1, y.data(), y_labels.data(), 4, nullptr, 1, mien::kManhattan, 1, 1, &positive,
                     &negative, nullptr, nullptr);
    CHECK(positive == 3 && negative == 1, "without self %ld and %ld", positive, negative);
}

// One call of every miner of rows, with arguments that a test spoils.
struct Call {
    MiningInput in = gaussian(20, 3, 3);
    int64_t low = 1, high = 1, cap = 5, capacity = 20 * 20;
    int semantics = 0, choice = 0;
    std::vector<int64_t> anchor = std::vector<int64_t>(400, -9), positive = anchor, negative = anchor;

    void reference(int64_t m) {
        in.separate = true;
        in.m = m;
        in.y = RowGenerator("gaussian", m, in.d).draw();
        in.y_labels.assign(static_cast<size_t>(m), 1);
    }
    std::string batch_hard() {
        return rejected([&] {
            mien::batch_hard(in.x.data(), in.labels.data(), in.n, in.y_data(), in.y_labels_data(), in.m, in.self_data(),
                             in.d, in.distance, low, high, positive.data(), negative.data(), nullptr, nullptr);
        });
    }
    std::string easy_positive() {
        return rejected([&] {
            mien::easy_positive(in.x.data(), in.labels.data(), in.n, in.y_data(), in.y_labels_data(), in.m,
                                in.self_data(), in.d, in.distance, in.margin, choice, positive.data(), negative.data());
        });
    }
    std::string semi_hard() {
        return rejected([&] {
            mien::semi_hard(in.x.data(), in.labels.data(), in.n, in.y_data(), in.y_labels_data(), in.m, in.self_data(),
                            in.d, in.distance, in.margin, semantics, 0, 0, capacity, anchor.data(), positive.data(),
                            negative.data());
        });
    }
    std::string batch_all() {
        return rejected([&] {
            mien::batch_all(in.x.data(), in.labels.data(), in.n, in.y_data(), in.y_labels_data(), in.m, in.self_data(),
                            in.d, in.distance, in.margin, cap, 0, 0, capacity, anchor.data(), positive.data(),
                            negative.data());
        });
    }
    std::string distance_weighted() {
        return rejected([&] {
            mien::distance_weighted(in.x.data(), in.labels.data(), in.n, in.y_data(), in.y_labels_data(), in.m,
                                    in.self_data(), in.d, 0, 0, capacity, anchor.data(), positive.data(),
                                    negative.data());
        });
    }
    std::string loss() {
        double value;
        return rejected([&] {
            mien::batch_all_loss(in.x.data(), in.labels.data(), in.n, in.d, in.distance, in.margin, &value,
                                 anchor.data(), positive.data(), nullptr);
        });
    }
    std::string statistics() {
        std::vector<double> figures(12);
        return rejected([&] {
            mien::mining_statistics(in.x.data(), in.labels.data(), in.n, in.y_data(), in.y_labels_data(), in.m,
                                    in.self_data(), in.d, in.distance, in.margin, anchor.data(), figures.data());
        });
    }
    std::string active(int64_t a, int64_t p, int64_t q) {
        return rejected([&] {
            mien::active_triplets(in.x.data(), in.n, in.y_data(), in.m, in.d, in.distance, in.margin, &a, &p, &q, 1);
        });
    }
    ~Call() {
        for (const auto* rows : {&anchor, &positive, &negative}) {
            for (const int64_t row : *rows) CHECK(row == -9, "written in spite of the error");
        }
    }
};

void test_rejected_rows() {
    for (const double bad : {kNan, kInfinity, -kInfinity}) {
        Call call;
        call.in.x[19 * 3] = call.in.x[17 * 3 + 2] = static_cast<float>(bad);
        expect(call.batch_hard(), "row 17 of the embeddings is not finite");
        expect(call.loss(), "row 17 of the embeddings is not finite");
        expect(call.active(0, 1, 2), "row 17 of the embeddings is not finite");
        Call reference;
        reference.reference(9);
        reference.in.y[3 * 3] = static_cast<float>(bad);
        expect(reference.semi_hard(), "row 3 of the references is not finite");
        expect(reference.distance_weighted(), "row 3 of the references is not finite");
        expect(reference.statistics(), "row 3 of the references is not finite");
    }
    Call call;
    call.in.d = 0;
    expect(call.batch_all(), "rows must have at least 1 column, not 0");
    call.in.d = 3;
    call.in.distance = 4;
    expect(call.easy_positive(), "unknown distance code 4");
    call.in.distance = 0;
    call.in.n = -1;
    expect(call.loss(), "x has a negative number of rows: -1");
    call.in.n = int64_t{1} << 31;
    expect(call.batch_hard(), "x has 2147483648 rows; mining takes fewer than 2^31");
    call.in.n = 20;
    expect(rejected([&] { mien::positive_pairs(nullptr, 4, nullptr, 0, nullptr); }), "labels is null, not (4)");
    expect(call.active(20, 1, 2), "the anchor of triplet 0 is 20, which is no row of the 20 embeddings");
    expect(call.active(1, -1, 2), "the positive of triplet 0 is -1, which is no row of the 20 references");
    call.reference(9);
    expect(call.active(1, 8, 9), "the negative of triplet 0 is 9, which is no row of the 9 references");
    call.in.has_self = true;
    call.in.self.assign(20, -1);
    for (const int64_t bad : {9, -2}) {
        call.in.self[5] = bad;
        expect(call.batch_hard(),
               "self of anchor 5 is " + std::to_string(bad) + ", which is no row of the 9 references");
    }
    expect(rejected([&] {
               mien::random_triplets(call.in.labels.data(), 20, call.in.y_labels.data(), 9, call.in.self.data(), 0, 0,
                                     call.positive.data(), call.negative.data());
           }),
           "self of anchor 5 is -2, which is no row of the 9 references");
}

void test_rejected_options() {
    Call call;
    for (const auto& [margin, word] : {std::pair{-1.0, "-1"}, std::pair{-0.25, "-0.25"}, std::pair{kNan, "NaN"}}) {
        call.in.margin = margin;
        const std::string sentence = std::string("the margin must be 0 or more, not ") + word;
        for (const std::string& message : {call.easy_positive(), call.semi_hard(), call.batch_all(), call.loss(),
                                           call.statistics(), call.active(0, 1, 2)}) {
            expect(message, sentence);
        }
    }
    call.in.margin = kInfinity;
    expect(call.loss(), "the margin must be finite, not inf");
    call.low = 0;
    expect(call.batch_hard(), "the rank window must satisfy 1 <= low <= high, not 0:1");
    call.low = 3;
    call.high = 2;
    expect(call.batch_hard(), "the rank window must satisfy 1 <= low <= high, not 3:2");
    call.high = std::numeric_limits<int64_t>::max();
    expect(call.batch_hard(), "a window of 9223372036854775805 ranks is too large for 20 anchors");
    call.cap = 0;
    expect(call.batch_all(), "the cap per anchor must be 1 or more, not 0");
    call.semantics = 3;
    expect(call.semi_hard(), "unknown semantics code 3");
    call.choice = -1;
    call.in.margin = 0;
    expect(call.easy_positive(), "unknown negative choice code -1");
}

void test_rejected_capacity() {
    Call call;
    call.in.margin = kInfinity;
    call.cap = 3;
    for (size_t i = 0; i < 20; ++i) call.in.labels[i] = static_cast<int64_t>(i % 2);
    call.capacity = 179;  // of 20 * 9 pairs
    call.semantics = mien::kTfa;
    expect(call.semi_hard(), "180 triplets do not fit a capacity of 179");
    expect(call.distance_weighted(), "180 triplets do not fit a capacity of 179");
    call.capacity = 59;
    expect(call.batch_all(), "60 triplets do not fit a capacity of 59");
}

}  // namespace

int main() {
    return run([] {
        test_by_hand();
        test_draws_are_those_of_java();
        test_references_alone();
        test_same_answer_on_any_number_of_threads();
        test_concurrent_callers();
        test_order_of_rows();
        test_rejected_rows();
        test_rejected_options();
        test_rejected_capacity();
    });
}
