// Every miner against the brute force on fresh inputs, on one thread and on three.

#include "fast/passes.h"
#include "mining_checks.h"

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// MIEN_TEST_INPUTS: how many inputs per distance; fewer where a sanitizer makes each cost more.
int64_t inputs() {
    const char* fixed = std::getenv("MIEN_TEST_INPUTS");
    if (fixed != nullptr) return std::strtoll(fixed, nullptr, 10);
    return kSanitized ? 25 : 200;
}

void check_all(const MiningInput& input) {
    const Oracle oracle(input);
    for (const MinerCheck& miner : kMinerChecks) {
        const std::string difference = miner.check(oracle);
        CHECK(difference.empty(), "%s: %s: %s", miner.name, input.describe().c_str(), difference.c_str());
    }
}

void test_fresh_inputs() {
    const int64_t kPreset = mien::fewest_rounded_pairs;
    for (int64_t i = 0; i < inputs(); ++i) {
        mien::set_threads(i % 2 == 0 ? 1 : 3);
        mien::fewest_rounded_pairs = i % 4 < 2 ? 0 : kPreset;  // so few rows are not rounded otherwise
        for (int distance = 0; distance < 4; ++distance) check_all(draw_input(distance));
    }
    mien::fewest_rounded_pairs = kPreset;
}

// More rows than the other tests have, where the first pass is of rounded ones.
void test_many_rows() {
    for (const char* kind : {"gaussian", "offset 100", "near-duplicates", "grid", "zero rows"}) {
        for (int distance = 0; distance < (kSanitized ? 1 : 4); ++distance) {
            MiningInput in;
            in.kind = kind;
            in.distance = distance;
            in.n = uniform(1024, 1200);
            in.d = uniform(9, 70);
            in.x = RowGenerator(kind, in.n, in.d).draw();
            for (int64_t i = 0; i < in.n; ++i) in.labels.push_back(uniform(0, 6));
            const Oracle oracle(in);
            for (const auto& check : {check_batch_hard, check_rank_window, check_easy_positive}) {
                const std::string difference = check(oracle);
                CHECK(difference.empty(), "%s: %s", in.describe().c_str(), difference.c_str());
            }
        }
    }
}

// Classes around centres, so that of a block's pairs none, few or many violate a triplet: rows of a grid and copies of
// another class's rows (ties between distances and thresholds), duplicates and a class of zero rows among them.
MiningInput draw_clusters(int distance) {
    MiningInput in;
    in.kind = one_of<const char*>({"clusters", "clusters", "clusters on a grid", "clusters far off"});
    in.distance = distance;
    in.n = uniform(128, kSanitized ? 200 : 420);
    in.d = one_of<int64_t>({1, 2, 3, 15, 16, 17, 33, 130, 511, 512});
    const bool grid = in.kind == "clusters on a grid";
    const int64_t classes = uniform(2, 40);
    const double apart = one_of({1.0, 2.0, 4.0, 30.0}), noise = one_of({0.0, 0.01, 0.3, 1.0});
    std::vector<double> centres(static_cast<size_t>(classes * in.d));
    for (double& value : centres) value = apart * (grid ? static_cast<double>(uniform(-1, 1)) : uniform_real(-1, 1));
    std::fill_n(centres.data(), in.d, 0.0);
    std::normal_distribution<double> normal;
    for (int64_t i = 0; i < in.n; ++i) {
        in.labels.push_back(uniform(0, classes - 1));
        // Some rows are further from their centre than the rest.
        const double spread = one_in(8) ? 1.5 * noise : one_in(5) ? 0 : noise;
        for (int64_t k = 0; k < in.d; ++k) {
            const double off = spread * (grid ? static_cast<double>(uniform(-1, 1)) : normal(generator()));
            in.x.push_back(static_cast<float>((in.kind == "clusters far off" ? 1e3 : 0) + off +
                                              centres[static_cast<size_t>(in.labels.back() * in.d + k)]));
        }
        if (i > 0 && one_in(6)) std::copy_n(in.x.end() - 2 * in.d, in.d, in.x.end() - in.d);
    }
    in.margin = one_of({0.0, 0.0, 0.1, 1.0, 2.0, 5.0});
    return in;
}

// Rows that all lie equally far apart but for a little: a loss that float32 would drown.
MiningInput draw_simplex(int distance) {
    MiningInput in;
    in.kind = "simplex";
    in.distance = distance;
    in.n = in.d = uniform(128, 200);
    std::normal_distribution<double> normal;
    for (int64_t i = 0; i < in.n; ++i) {
        in.labels.push_back(uniform(0, 5));
        for (int64_t k = 0; k < in.d; ++k) in.x.push_back(static_cast<float>((i == k) + 1e-6 * normal(generator())));
    }
    return in;
}

void test_loss_of_clusters() {
    const int64_t preset = mien::fewest_rounded_pairs;
    for (int64_t i = 0; i < inputs(); ++i) {
        mien::set_threads(i % 2 == 0 ? 1 : 3);
        mien::fewest_rounded_pairs = i % 4 < 2 ? 0 : preset;
        const int distance = static_cast<int>(uniform(0, 3));
        const MiningInput in = one_in(20) ? draw_simplex(distance) : draw_clusters(distance);
        const std::string difference = check_batch_all_loss(Oracle(in));
        CHECK(difference.empty(), "%s: %s", in.describe().c_str(), difference.c_str());
    }
    mien::fewest_rounded_pairs = preset;
}

// More pairs than the percentiles look at.
void test_sampled_percentiles(int64_t n, int64_t m) {
    MiningInput in;
    in.kind = "many pairs";
    in.n = n;
    in.m = m;
    in.d = 2;
    in.separate = m > 0;
    in.x = RowGenerator("gaussian", n, in.d).draw();
    in.y = RowGenerator("gaussian", m, in.d).draw();
    for (int64_t i = 0; i < n; ++i) in.labels.push_back(i % 700);
    for (int64_t j = 0; j < m; ++j) in.y_labels.push_back(j % 700);
    const std::string difference = check_statistics(Oracle(in));
    CHECK(difference.empty(), "%s: %s", in.describe().c_str(), difference.c_str());
}

}  // namespace

int main() {
    return run([] {
        test_fresh_inputs();
        test_many_rows();
        test_loss_of_clusters();
        test_sampled_percentiles(1500, 0);
        test_sampled_percentiles(1024, 1024);
        test_sampled_percentiles(1100, 1000);
    });
}
