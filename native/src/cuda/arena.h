#pragma once

#include <cstdint>

namespace mien::cuda {

// Hands out the parts of one piece of memory in order. Without memory it only counts what they take.
class Arena {
public:
    static constexpr int64_t kAlignment = 256;

    explicit Arena(void* memory) : memory_(static_cast<char*>(memory)) {}

    template <typename T>
    T* take(int64_t count) {
        T* const part = memory_ == nullptr ? nullptr : reinterpret_cast<T*>(memory_ + used_);
        used_ += (count * static_cast<int64_t>(sizeof(T)) + kAlignment - 1) / kAlignment * kAlignment;
        return part;
    }

    int64_t used() const { return used_; }

private:
    char* memory_;
    int64_t used_ = 0;
};

}  // namespace mien::cuda
