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
        test_sampled_percentiles(1500, 0);
        test_sampled_percentiles(1024, 1024);
        test_sampled_percentiles(1100, 1000);
    });
}
