#include "network/pages.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace mien {
namespace {

constexpr size_t kLargePage = 2 << 20;
constexpr size_t kLine = 64;

}  // namespace

Pages::Pages(int64_t bytes) {
    const size_t unit = static_cast<size_t>(bytes) >= kLargePage ? kLargePage : kLine;
    bytes_ = (static_cast<size_t>(bytes) + unit - 1) / unit * unit;
    if (bytes_ == 0) return;
    memory_ = std::aligned_alloc(unit, bytes_);
    if (memory_ == nullptr) throw std::bad_alloc();
    if (unit == kLargePage) madvise(memory_, bytes_, MADV_HUGEPAGE);  // advice: refusal changes nothing
    std::memset(memory_, 0, bytes_);
}

Pages::~Pages() { std::free(memory_); }

Pages::Pages(Pages&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

Pages& Pages::operator=(Pages&& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(bytes_, other.bytes_);
    return *this;
}

}  // namespace mien
