#include "checks.h"

#include <emmintrin.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <limits>
#include <stdexcept>

#include "kernels.h"
#include "parallel.h"

namespace mien {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// The largest magnitude, infinity if any value is none. Four sets of lanes side by side, for each waits for itself.
float largest_magnitude(const float* x, int64_t size) {
    constexpr int kSets = 4, kLanes = 4;
    const __m128 magnitude = _mm_castsi128_ps(_mm_set1_epi32(0x7fffffff));
    const __m128i exponent = _mm_set1_epi32(0x7f800000);
    __m128 most[kSets] = {};
    __m128i broken[kSets] = {};
    int64_t i = 0;
    for (; i + kSets * kLanes <= size; i += kSets * kLanes) {
        for (int s = 0; s < kSets; ++s) {
            const __m128 value = _mm_and_ps(_mm_loadu_ps(x + i + s * kLanes), magnitude);
            most[s] = _mm_max_ps(most[s], value);
            const __m128i high = _mm_and_si128(_mm_castps_si128(value), exponent);
            broken[s] = _mm_or_si128(broken[s], _mm_cmpeq_epi32(high, exponent));
        }
    }
    float largest = 0;
    bool finite = true;
    for (int s = 0; s < kSets; ++s) {
        float lanes[kLanes];
        _mm_storeu_ps(lanes, most[s]);
        for (const float lane : lanes) largest = std::max(largest, lane);
        finite &= _mm_movemask_epi8(broken[s]) == 0;
    }
    for (; i < size; ++i) {
        finite &= std::isfinite(x[i]);
        largest = std::max(largest, std::abs(x[i]));
    }
    return finite ? largest : kInfinity;
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
    std::atomic<float> largest{0};
    parallel_rows(matrix.rows, matrix.size() / 8, [&](int64_t begin, int64_t end) {
        const float most = largest_magnitude(matrix.data + begin * matrix.columns, (end - begin) * matrix.columns);
        float known = largest.load();
        while (most > known && !largest.compare_exchange_weak(known, most)) {
        }
    });
    for (int64_t row = 0; largest.load() == kInfinity && row < matrix.rows; ++row) {
        require(largest_magnitude(matrix.data + row * matrix.columns, matrix.columns) < kInfinity,
                "row " + std::to_string(row) + " of " + matrix.name + " is not finite");
    }
    return largest.load();
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
