#include <atomic>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "dispatch.h"
#include "mien/mien.h"
#include "parallel.h"

#ifndef MIEN_VERSION
#error "MIEN_VERSION comes from CMakeLists.txt"
#endif

namespace mien {
namespace {

constexpr int kMaxThreads = 1024;

void require(bool condition, const std::string& message) {
    if (!condition) throw std::invalid_argument(message);
}

// A (rows, columns) float32 matrix at `data`, called `name` in messages.
struct Matrix {
    const char* name;
    const float* data;
    int64_t rows;
    int64_t columns;

    double size() const { return static_cast<double>(rows) * static_cast<double>(columns); }
};

void check_shape(const Matrix& matrix) {
    const std::string name = matrix.name;
    const std::string shape = "(" + std::to_string(matrix.rows) + ", " + std::to_string(matrix.columns) + ")";
    require(matrix.rows >= 0, name + " has a negative number of rows: " + std::to_string(matrix.rows));
    const int64_t most = std::numeric_limits<int64_t>::max() / static_cast<int64_t>(sizeof(double));
    require(matrix.columns == 0 || matrix.rows <= most / matrix.columns, name + " is too large: " + shape);
    require(matrix.data != nullptr || matrix.rows == 0 || matrix.columns == 0, name + " is null, not " + shape);
}

bool is_finite(const float* row, int64_t columns) {
    // x - x is NaN for a NaN and for an infinity, and a NaN survives every later sum.
    float sum = 0;
    for (int64_t k = 0; k < columns; ++k) sum += row[k] - row[k];
    return sum == 0;
}

void check_finite(const Matrix& matrix) {
    std::atomic<int64_t> first{matrix.rows};
    parallel_rows(matrix.rows, matrix.size(), [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) {
            if (is_finite(matrix.data + row * matrix.columns, matrix.columns)) continue;
            int64_t lowest = first.load();
            while (row < lowest && !first.compare_exchange_weak(lowest, row)) {
            }
            return;
        }
    });
    const int64_t row = first.load();
    require(row == matrix.rows, "row " + std::to_string(row) + " of " + matrix.name + " is not finite");
}

// 1 / |row| per row, 0 for a zero row. No float32 overflows or underflows when squared in float64.
std::vector<double> inverse_norms(const Matrix& matrix) {
    std::vector<double> result(static_cast<size_t>(matrix.rows));
    parallel_rows(matrix.rows, matrix.size(), [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) {
            double sum = 0;
            const float* x = matrix.data + row * matrix.columns;
            for (int64_t k = 0; k < matrix.columns; ++k) sum += static_cast<double>(x[k]) * x[k];
            result[static_cast<size_t>(row)] = sum == 0 ? 0 : 1 / std::sqrt(sum);
        }
    });
    return result;
}

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
    require(d >= 1, "rows must have at least 1 column, not " + std::to_string(d));
    require(distance >= 0 && distance < kDistanceCount, "unknown distance code " + std::to_string(distance));
    const Matrix left{"a", a, n, d}, right{"b", b, m, d};
    check_shape(left);
    check_shape(right);
    check_shape({"out", out, n, m});
    check_finite(left);
    check_finite(right);

    DistancesProblem problem{a, b, m, d, nullptr, nullptr, out};
    std::vector<double> left_norms, right_norms;
    if (distance == kCosine) {
        left_norms = inverse_norms(left);
        right_norms = inverse_norms(right);
        problem.a_inverse_norms = left_norms.data();
        problem.b_inverse_norms = right_norms.data();
    }
    const DistancesKernel kernel = kernels().distances[distance];
    parallel_rows(n, left.size() * static_cast<double>(m),
                  [&](int64_t begin, int64_t end) { kernel(problem, begin, end); });
}

}  // namespace mien
