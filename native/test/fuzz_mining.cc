// fuzz_mining [inputs per miner and distance, 2000] [threads, 3]: every miner against the oracle on fresh inputs.

#include <cinttypes>

#include "fast/passes.h"
#include "mining_checks.h"

namespace {

struct Tally {
    int64_t inputs = 0, mismatches = 0;
};

constexpr int64_t kShown = 3;  // mismatches of a miner that are spelt out

int fuzz(int64_t inputs, int threads) {
    constexpr size_t kMiners = std::size(kMinerChecks);
    Tally tallies[kMiners][4];
    int64_t wrong = 0;
    const int64_t kPreset = mien::fewest_rounded_pairs;
    for (int64_t i = 0; i < inputs; ++i) {
        mien::set_threads(i % 2 == 0 ? 1 : threads);
        mien::fewest_rounded_pairs = i % 4 < 2 ? 0 : kPreset;  // so few rows are not rounded otherwise
        for (int distance = 0; distance < 4; ++distance) {
            const MiningInput input = draw_input(distance);
            const Oracle oracle(input);
            for (size_t k = 0; k < kMiners; ++k) {
                Tally& tally = tallies[k][distance];
                ++tally.inputs;
                const std::string difference = kMinerChecks[k].check(oracle);
                if (difference.empty()) continue;
                ++wrong;
                if (++tally.mismatches <= kShown) {
                    std::printf("%s: %s: %s\n", kMinerChecks[k].name, input.describe().c_str(), difference.c_str());
                }
            }
        }
    }
    std::printf("%s, inputs checked/mismatches\n%-20s %14s %14s %14s %14s\n", mien::active_isa(), "", "euclidean",
                "squared", "manhattan", "cosine");
    for (size_t k = 0; k < kMiners; ++k) {
        std::printf("%-20s", kMinerChecks[k].name);
        for (const Tally& tally : tallies[k]) std::printf(" %8" PRId64 "/%-5" PRId64, tally.inputs, tally.mismatches);
        std::printf("\n");
    }
    return wrong == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const int64_t inputs = argc > 1 ? std::strtoll(argv[1], nullptr, 10) : 2000;
    const int threads = argc > 2 ? static_cast<int>(std::strtol(argv[2], nullptr, 10)) : 3;
    try {
        return fuzz(inputs, threads);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "fuzz_mining: %s\n", e.what());
        return 1;
    }
}
