// Version, threads and distances; mining is in mining_api.cc.

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
    check_finite(left);
    check_finite(right);

    DistancesProblem problem{a, b, m, d, nullptr, nullptr, out};
    std::vector<double> left_norms, right_norms;
    if (distance == kCosine) {
        left_norms = norms(left);
        right_norms = norms(right);
        problem.a_norms = left_norms.data();
        problem.b_norms = right_norms.data();
    }
    const DistancesKernel kernel = kernels().distances[distance];
    parallel_rows(n, left.size() * static_cast<double>(m),
                  [&](int64_t begin, int64_t end) { kernel(problem, begin, end); });
}

}  // namespace mien
