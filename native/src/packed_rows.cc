#include "packed_rows.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <mutex>
#include <new>

#include "parallel.h"

namespace mien {
namespace {

constexpr int64_t kAlignment = 64;

float* allocate(int64_t floats) {
    const int64_t bytes = (floats * static_cast<int64_t>(sizeof(float)) + kAlignment - 1) / kAlignment * kAlignment;
    void* memory = std::aligned_alloc(kAlignment, static_cast<size_t>(std::max(bytes, kAlignment)));
    if (memory == nullptr) throw std::bad_alloc();
    return static_cast<float*>(memory);
}

float largest_magnitude(const float* x, int64_t size) {
    constexpr int64_t kPart = 1 << 16;
    std::mutex lock;
    float largest = 0;
    parallel_rows((size + kPart - 1) / kPart, static_cast<double>(size), [&](int64_t begin, int64_t end) {
        float most = 0;
        const int64_t last = std::min(size, end * kPart);
        for (int64_t i = begin * kPart; i < last; ++i) most = std::abs(x[i]) > most ? std::abs(x[i]) : most;
        std::lock_guard<std::mutex> guard(lock);
        largest = std::max(largest, most);
    });
    return largest;
}

}  // namespace

void PackedRows::Free::operator()(float* p) const { std::free(p); }

PackedRows::PackedRows(const float* x, int64_t d, const int32_t* order, int64_t count, double scale,
                       const double* norms, int panel)
    : count_(count), d_(d), panel_(panel), data_(allocate((count + kBlock - 1) / kBlock * kBlock * d)) {
    const int64_t all = (count + kBlock - 1) / kBlock * kBlock / panel;
    parallel_rows(all, static_cast<double>(count) * static_cast<double>(d), [&](int64_t begin, int64_t end) {
        for (int64_t p = begin; p < end; ++p) {
            float* out = data_.get() + p * panel * d;
            const int rows = static_cast<int>(std::clamp<int64_t>(count - p * panel, 0, panel));
            const float* row[kMaxPanel];
            double factor[kMaxPanel];
            for (int r = 0; r < rows; ++r) {
                const int64_t from = order[p * panel + r];
                row[r] = x + from * d;
                // The inverse is off by 2^-53, far less than the rounding to float32 that follows.
                factor[r] = norms == nullptr ? scale : norms[from] == 0 ? 0 : 1 / norms[from];
            }
            for (int64_t k = 0; k < d; ++k, out += panel) {
                for (int r = 0; r < rows; ++r) out[r] = static_cast<float>(row[r][k] * factor[r]);
                std::fill(out + rows, out + panel, 0.0f);
            }
        }
    });
    for (int64_t i = 0; norms != nullptr && i < count; ++i) {
        if (norms[order[i]] == 0) zero_rows_.push_back(static_cast<int32_t>(i));
    }
}

double packing_scale(const float* x, int64_t n, const float* y, int64_t m, int64_t d) {
    const float largest = std::max(largest_magnitude(x, n * d), x == y ? 0.0f : largest_magnitude(y, m * d));
    return largest == 0 ? 1 : std::ldexp(1.0, 44 - std::ilogb(largest));
}

}  // namespace mien
