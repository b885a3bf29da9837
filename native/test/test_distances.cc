#include <cmath>
#include <limits>
#include <vector>

#include "check.h"
#include "mien/mien.h"

namespace {

using Matrix = std::vector<float>;

constexpr int kDistances[] = {mien::kEuclidean, mien::kSquaredEuclidean, mien::kManhattan, mien::kCosine};

// The definition, in long double and by the textbook's formula for each distance.
long double oracle(const float* x, const float* y, int64_t d, int distance) {
    long double squares = 0, absolutes = 0, dot = 0, xx = 0, yy = 0;
    for (int64_t k = 0; k < d; ++k) {
        const long double u = x[k], v = y[k];
        squares += (u - v) * (u - v);
        absolutes += std::abs(u - v);
        dot += u * v;
        xx += u * u;
        yy += v * v;
    }
    switch (distance) {
        case mien::kEuclidean:
            return std::sqrt(squares);
        case mien::kSquaredEuclidean:
            return squares;
        case mien::kManhattan:
            return absolutes;
        default:
            return xx == 0 || yy == 0 ? 1 : 1 - dot / (std::sqrt(xx) * std::sqrt(yy));
    }
}

void check_against_oracle(const char* what, const Matrix& a, const Matrix& b, int64_t d) {
    const int64_t n = static_cast<int64_t>(a.size()) / d, m = static_cast<int64_t>(b.size()) / d;
    for (const int distance : kDistances) {
        Matrix out(static_cast<size_t>(n * m), -1.0f);
        mien::distances(a.data(), n, b.data(), m, d, distance, out.data());
        for (int64_t i = 0; i < n; ++i) {
            for (int64_t j = 0; j < m; ++j) {
                const double expected = static_cast<double>(
                    oracle(&a[static_cast<size_t>(i * d)], &b[static_cast<size_t>(j * d)], d, distance));
                const double actual = out[static_cast<size_t>(i * m + j)];
                // 1e-17: the rounding of the oracle's own 1 - cos.
                CHECK(std::abs(actual - expected) <= 1e-6 * std::abs(expected) + 1e-17,
                      "%s, distance %d, n=%ld m=%ld d=%ld, (%ld, %ld): %.9g, not %.9g", what, distance, n, m, d, i, j,
                      actual, expected);
            }
        }
    }
}

Matrix normal(int64_t rows, int64_t d, float mean = 0, float deviation = 1) {
    std::normal_distribution<float> draw(mean, deviation);
    Matrix matrix(static_cast<size_t>(rows * d));
    for (float& x : matrix) x = draw(generator());
    return matrix;
}

// Lengths around the lanes of a 128, 256 and 512 bit register: tail only, exact, full and tail.
void test_lengths() {
    for (const int64_t d : {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 127, 128, 129, 513}) {
        check_against_oracle("normal", normal(5, d), normal(7, d), d);
        check_against_oracle("offset cloud", normal(5, d, 1e4f), normal(7, d, 1e4f), d);
    }
    check_against_oracle("one row", normal(1, 19), normal(1, 19), 19);
    check_against_oracle("many rows", normal(150, 40), normal(90, 40), 40);
}

void test_awkward_rows() {
    const int64_t d = 21;
    Matrix a = normal(8, d);
    for (int64_t k = 0; k < d; ++k) {
        a[static_cast<size_t>(k)] = 0;                                      // row 0: zero
        a[static_cast<size_t>(2 * d + k)] = a[static_cast<size_t>(d + k)];  // row 2 = row 1
        a[static_cast<size_t>(3 * d + k)] = std::nextafter(a[static_cast<size_t>(d + k)], 10.0f);
        a[static_cast<size_t>(4 * d + k)] = -a[static_cast<size_t>(d + k)];
        a[static_cast<size_t>(5 * d + k)] = 1e-42f * static_cast<float>(k + 1);  // subnormal
    }
    check_against_oracle("awkward", a, a, d);
    Matrix out(64);
    for (const int distance : kDistances) {
        mien::distances(a.data(), 8, a.data(), 8, d, distance, out.data());
        CHECK(out[1 * 8 + 2] == 0 && out[1 * 8 + 1] == 0, "equal rows at %g", static_cast<double>(out[1 * 8 + 2]));
    }
    CHECK(out[0] == 1 && out[3] == 1, "a zero row at cosine %g", static_cast<double>(out[0]));
    const Matrix huge{3e38f, -3e38f}, opposite{-3e38f, 3e38f};
    float one = 0;
    mien::distances(huge.data(), 1, opposite.data(), 1, 2, mien::kCosine, &one);
    CHECK(std::abs(one - 2) < 1e-6f, "opposite rows at cosine %g", static_cast<double>(one));
    mien::distances(huge.data(), 1, opposite.data(), 1, 2, mien::kSquaredEuclidean, &one);
    CHECK(one == std::numeric_limits<float>::infinity(), "beyond float32: %g", static_cast<double>(one));
}

void expect(const std::string& message, const char* part) {
    CHECK(message.find(part) != std::string::npos, "'%s' lacks '%s'", message.c_str(), part);
}

void test_rejections() {
    const int64_t n = 40, d = 3;
    Matrix a = normal(n, d), b = normal(n, d), out(static_cast<size_t>(n * n), -7.0f);
    auto call = [&](int64_t rows, int64_t columns, int code) {
        return rejected([&] { mien::distances(a.data(), rows, b.data(), n, columns, code, out.data()); });
    };
    expect(call(n, 0, 0), "at least 1 column, not 0");
    expect(call(-2, d, 0), "a has a negative number of rows: -2");
    expect(call(n, d, 4), "unknown distance code 4");
    expect(call(n, d, -1), "unknown distance code -1");
    expect(call(int64_t{1} << 61, int64_t{1} << 40, 0), "a is too large: (2305843009213693952, 1099511627776)");
    expect(rejected([&] { mien::distances(nullptr, n, b.data(), n, d, 0, out.data()); }), "a is null, not (40, 3)");
    expect(rejected([&] { mien::distances(a.data(), n, b.data(), n, d, 0, nullptr); }), "out is null, not (40, 40)");
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity()}) {
        b[31 * 3 + 2] = b[17 * 3] = bad;
        expect(call(n, d, mien::kManhattan), "row 17 of b is not finite");
        a[39 * 3] = bad;
        expect(call(n, d, mien::kCosine), "row 39 of a is not finite");
        a[39 * 3] = b[31 * 3 + 2] = b[17 * 3] = 0;
    }
    for (const float x : out) CHECK(x == -7.0f, "written in spite of the error");
}

void test_empty() {
    const Matrix b = normal(4, 3);
    for (const int distance : kDistances) {
        mien::distances(nullptr, 0, b.data(), 4, 3, distance, nullptr);
        mien::distances(b.data(), 4, nullptr, 0, 3, distance, nullptr);
        mien::distances(nullptr, 0, nullptr, 0, 3, distance, nullptr);
    }
}

}  // namespace

int main() {
    return run([] {
        const std::string isa = mien::active_isa();
        std::printf("mien %s, %s, %d threads\n", mien::version(), isa.c_str(), mien::threads());
        test_lengths();
        test_awkward_rows();
        test_rejections();
        test_empty();
    });
}
