#include "mining_statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <unordered_set>

#include "counter_random.h"
#include "mien/mien.h"

namespace mien {
namespace {

constexpr int64_t kMostPairs = 1 << 20;

constexpr double kPercents[] = {5, 25, 50, 75, 95};

uint64_t hash_of(const float* row, int64_t d) {
    uint64_t hash = 0;
    for (int64_t k = 0; k < d; ++k) {
        const float value = row[k] + 0.0f;  // + 0 turns -0 into 0
        uint32_t bits;
        std::memcpy(&bits, &value, sizeof bits);
        hash = mix(hash + kGolden + bits);
    }
    return hash;
}

double from_origin(const float* row, int64_t d, int distance) {
    double absolute = 0, squares = 0;
    for (int64_t k = 0; k < d; ++k) {
        absolute += std::abs(static_cast<double>(row[k]));
        squares += static_cast<double>(row[k]) * row[k];
    }
    if (distance == kManhattan) return absolute;
    return distance == kEuclidean ? std::sqrt(squares) : squares;
}

// Percentiles in ascending order, each sorting no more than it needs: what lies before `done` is at most what follows.
double percentile(std::vector<double>& values, double percent, size_t& done) {
    const double position = percent / 100 * static_cast<double>(values.size() - 1);
    const size_t low = static_cast<size_t>(position);
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(low);
    std::nth_element(values.begin() + static_cast<std::ptrdiff_t>(done), at, values.end());
    done = low;
    const double next = at + 1 == values.end() ? *at : *std::min_element(at + 1, values.end());
    return *at + (position - static_cast<double>(low)) * (next - *at);
}

}  // namespace

int64_t sampling_stride(const MiningProblem& p) {
    const int64_t pairs = p.symmetric ? p.n * (p.n - 1) / 2 : p.n * p.m;
    return pairs <= kMostPairs ? 1 : 1 + pairs / kMostPairs;
}

double pair_count(const MiningProblem& p) {
    const auto selves = p.n - std::count(p.self, p.self + p.n, -1);
    return static_cast<double>(p.n) * static_cast<double>(p.m) - static_cast<double>(selves);
}

int64_t duplicate_rows(const MiningProblem& p) {
    std::vector<uint64_t> hashes(static_cast<size_t>(p.m));
    for (int64_t j = 0; j < p.m; ++j) hashes[static_cast<size_t>(j)] = hash_of(p.y + j * p.d, p.d);
    const auto hash = [&](int64_t j) { return hashes[static_cast<size_t>(j)]; };
    const auto equal = [&](int64_t i, int64_t j) {
        return hash(i) == hash(j) && std::equal(p.y + i * p.d, p.y + (i + 1) * p.d, p.y + j * p.d);
    };
    std::unordered_set<int64_t, decltype(hash), decltype(equal)> seen(hashes.size(), hash, equal);
    for (int64_t j = 0; j < p.m; ++j) seen.insert(j);
    return p.m - static_cast<int64_t>(seen.size());
}

double mean_from_origin(const MiningProblem& p) {
    if (p.distance == kCosine && p.m > 0) return 1;
    double mean = 0;
    for (int64_t j = 0; j < p.m; ++j) mean += from_origin(p.y + j * p.d, p.d, p.distance) / static_cast<double>(p.m);
    return mean;
}

void percentiles(std::vector<double>& values, double* out) {
    size_t done = 0;
    for (const double percent : kPercents) {
        *out++ = values.empty() ? std::numeric_limits<double>::quiet_NaN() : percentile(values, percent, done);
    }
}

}  // namespace mien
