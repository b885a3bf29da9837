#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

namespace mien {

// Sorts sums by radix: those are never negative, so that their bits order as they do.
class SumOrder {
public:
    struct Entry {
        float sum;
        int32_t position;
    };

    // The finite ones of `count` sums, rising, into out.
    void sort(const float* sums, int64_t count, std::vector<Entry>& out) {
        out.clear();
        for (int64_t i = 0; i < count; ++i) {
            if (bits(sums[i]) < kInfinite) out.push_back({sums[i], static_cast<int32_t>(i)});
        }
        other_.resize(out.size());
        for (int shift = 0; shift < 32; shift += kBits) {
            pass(out, shift);
            out.swap(other_);
        }
    }

private:
    static constexpr int kBits = 11;
    static constexpr uint32_t kInfinite = 0x7f800000;

    static uint32_t bits(float x) {
        uint32_t value;
        std::memcpy(&value, &x, sizeof value);
        return value;
    }

    void pass(const std::vector<Entry>& in, int shift) {
        constexpr uint32_t kMask = (1u << kBits) - 1;
        int32_t begin[1 << kBits] = {};
        for (const Entry& e : in) ++begin[bits(e.sum) >> shift & kMask];
        int32_t sum = 0;
        for (int32_t& b : begin) {
            const int32_t count = b;
            b = sum;
            sum += count;
        }
        for (const Entry& e : in) other_[static_cast<size_t>(begin[bits(e.sum) >> shift & kMask]++)] = e;
    }

    std::vector<Entry> other_;
};

}  // namespace mien
