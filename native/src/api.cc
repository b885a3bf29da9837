// Version, threads and distances; mining is in mining_api.cc.

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "checks.h"
#include "dispatch.h"
#include "mien/mien.h"
#include "parallel.h"

#ifndef MIEN_VERSION
#error "MIEN_VERSION comes from CMakeLists.txt"
#endif

namespace mien {
namespace {

constexpr int kMaxThreads = 1024;

}  // namespace

const char* version() { return MIEN_VERSION; }

const char* active_isa() { return kernels().isa; }

void set_threads(int threads) {
    require(threads >= 1 && threads <= kMaxThreads,
            "threads must be 1.." + std::to_string(kMaxThreads) + ", not " + std::to_string(threads));
    set_pool_threads(threads);
}

int threads() { return pool_threads(); }

void distances(const float* a, int64_t n, const float* b, int64_t m, int64_t d, int distance, float* out) {
    check_columns(d);
    check_distance(distance);
    const Matrix left{"a", a, n, d}, right{"b", b, m, d};
    check_shape(left);
    check_shape(right);
    check_shape({"out", out, n, m});
    const float of_left = check_finite(left);
    const float largest = std::max(of_left, a == b && n == m ? 0 : check_finite(right));

    std::vector<double> left_norms, right_norms;
    if (distance == kCosine) {
        left_norms = norms(left);
        right_norms = norms(right);
    }
    constexpr int64_t kMostRows = std::numeric_limits<int32_t>::max();
    if (kernels().blocks != nullptr && n <= kMostRows && m <= kMostRows) {
        MiningProblem problem{};
        problem.x = a;
        problem.y = b;
        problem.symmetric = a == b && n == m;
        problem.n = n;
        problem.m = m;
        problem.d = d;
        problem.distance = distance;
        problem.largest = largest;
        problem.x_norms = distance == kCosine ? left_norms.data() : nullptr;
        problem.y_norms = distance == kCosine ? right_norms.data() : nullptr;
        return fast::distances(problem, *kernels().blocks, kernels().exact_rows, out);
    }
    const DistancesProblem problem{a, b, m, d, left_norms.data(), right_norms.data(), out};
    const DistancesKernel kernel = kernels().distances[distance];
    parallel_rows(n, left.size() * static_cast<double>(m),
                  [&](int64_t begin, int64_t end) { kernel(problem, begin, end); });
}

}  // namespace mien
