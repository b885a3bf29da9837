#pragma once

// Checks of arguments that several operations share. Each throws std::invalid_argument with one sentence.

#include <cstdint>
#include <string>
#include <vector>

namespace mien {

void require(bool condition, const std::string& message);

// A (rows, columns) float32 matrix at `data`, called `name` in messages.
struct Matrix {
    const char* name;
    const float* data;
    int64_t rows;
    int64_t columns;

    double size() const { return static_cast<double>(rows) * static_cast<double>(columns); }
};

void check_columns(int64_t d);
void check_distance(int distance);
void check_margin(double margin);
void check_not_null(const char* name, const void* data, int64_t size);
void check_shape(const Matrix& matrix);

// Names the first row that holds a NaN or an infinity.
void check_finite(const Matrix& matrix);

// A number as a message shows it.
std::string word(double number);

// |row| per row, 0 for a zero row: the square root of the sum in order of columns. No float32 overflows or underflows
// when squared in float64.
std::vector<double> norms(const Matrix& matrix);

}  // namespace mien
