#include "checks.h"

#include <atomic>
#include <cmath>
#include <cstdio>
#include <limits>
#include <stdexcept>

#include "kernels.h"
#include "parallel.h"

namespace mien {
namespace {

bool is_finite(const float* row, int64_t columns) {
    // x - x is NaN for a NaN and for an infinity, and a NaN survives every later sum.
    float sum = 0;
    for (int64_t k = 0; k < columns; ++k) sum += row[k] - row[k];
    return sum == 0;
}

}  // namespace

void require(bool condition, const std::string& message) {
    if (!condition) throw std::invalid_argument(message);
}

void check_columns(int64_t d) { require(d >= 1, "rows must have at least 1 column, not " + std::to_string(d)); }

void check_distance(int distance) {
    require(distance >= 0 && distance < kDistanceCount, "unknown distance code " + std::to_string(distance));
}

void check_margin(double margin) { require(margin >= 0, "the margin must be 0 or more, not " + word(margin)); }

void check_not_null(const char* name, const void* data, int64_t size) {
    require(data != nullptr || size == 0, std::string(name) + " is null, not (" + std::to_string(size) + ")");
}

void check_shape(const Matrix& matrix) {
    const std::string name = matrix.name;
    const std::string shape = "(" + std::to_string(matrix.rows) + ", " + std::to_string(matrix.columns) + ")";
    require(matrix.rows >= 0, name + " has a negative number of rows: " + std::to_string(matrix.rows));
    const int64_t most = std::numeric_limits<int64_t>::max() / static_cast<int64_t>(sizeof(double));
    require(matrix.columns == 0 || matrix.rows <= most / matrix.columns, name + " is too large: " + shape);
    require(matrix.data != nullptr || matrix.rows == 0 || matrix.columns == 0, name + " is null, not " + shape);
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

std::string word(double number) {
    if (number != number) return "NaN";  // printf may add a sign
    char text[32];
    std::snprintf(text, sizeof text, "%.15g", number);
    return text;
}

std::vector<double> norms(const Matrix& matrix) {
    std::vector<double> result(static_cast<size_t>(matrix.rows));
    parallel_rows(matrix.rows, matrix.size(), [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) {
            double sum = 0;
            const float* x = matrix.data + row * matrix.columns;
            for (int64_t k = 0; k < matrix.columns; ++k) sum += static_cast<double>(x[k]) * x[k];
            result[static_cast<size_t>(row)] = std::sqrt(sum);
        }
    });
    return result;
}

}  // namespace mien
