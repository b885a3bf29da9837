#include "checks.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "kernels.h"
#include "parallel.h"

namespace mien {
namespace {

// Bits of |x|, which order as the magnitudes do; an infinity or NaN has kInfinite or more.
constexpr int32_t kInfinite = 0x7f800000;

int32_t largest_bits(const float* x, int64_t size) {
    int32_t most = 0;
    for (int64_t i = 0; i < size; ++i) {
        int32_t bits;
        std::memcpy(&bits, x + i, sizeof bits);
        bits &= 0x7fffffff;
        most = bits > most ? bits : most;
    }
    return most;
}

// Rows whose sums advance side by side in norms: each alone waits for its additions.
constexpr int kRowsTogether = 8;

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

float check_finite(const Matrix& matrix) {
    std::atomic<int32_t> largest{0};
    parallel_rows(matrix.rows, matrix.size() / 8, [&](int64_t begin, int64_t end) {
        const int32_t most = largest_bits(matrix.data + begin * matrix.columns, (end - begin) * matrix.columns);
        int32_t known = largest.load();
        while (most > known && !largest.compare_exchange_weak(known, most)) {
        }
    });
    const int32_t bits = largest.load();
    for (int64_t row = 0; bits >= kInfinite && row < matrix.rows; ++row) {
        require(largest_bits(matrix.data + row * matrix.columns, matrix.columns) < kInfinite,
                "row " + std::to_string(row) + " of " + matrix.name + " is not finite");
    }
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

std::string word(double number) {
    if (number != number) return "NaN";  // printf may add a sign
    char text[32];
    std::snprintf(text, sizeof text, "%.15g", number);
    return text;
}

std::vector<double> norms(const Matrix& matrix) {
    std::vector<double> result(static_cast<size_t>(matrix.rows));
    const int64_t d = matrix.columns;
    parallel_rows(matrix.rows, matrix.size(), [&](int64_t begin, int64_t end) {
        for (int64_t first = begin; first < end; first += kRowsTogether) {
            const float* rows[kRowsTogether];
            for (int i = 0; i < kRowsTogether; ++i) rows[i] = matrix.data + std::min(first + i, end - 1) * d;
            double sums[kRowsTogether] = {};
            for (int64_t k = 0; k < d; ++k) {
                for (int i = 0; i < kRowsTogether; ++i) sums[i] += static_cast<double>(rows[i][k]) * rows[i][k];
            }
            for (int64_t row = first; row < std::min(end, first + kRowsTogether); ++row) {
                result[static_cast<size_t>(row)] = std::sqrt(sums[row - first]);
            }
        }
    });
    return result;
}

}  // namespace mien
