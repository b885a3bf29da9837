#pragma once

#include <cstddef>
#include <cstdint>

namespace mien {

// Uninitialised memory of a call, 64-byte aligned. A few buffers are kept from call to call, 64 MB at most: fresh pages
// cost more than the work of a small batch. Throws std::bad_alloc.
template <typename T>
class Scratch {
public:
    explicit Scratch(int64_t size);
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    T* get() const { return static_cast<T*>(memory_); }
    T& operator[](int64_t i) const { return get()[i]; }

private:
    void* memory_;
    size_t bytes_;
};

// What Scratch rests on: a buffer of at least `bytes`, which becomes the buffer's size; and back.
void* take_scratch(size_t& bytes);
void give_scratch(void* memory, size_t bytes);

template <typename T>
Scratch<T>::Scratch(int64_t size) : bytes_(static_cast<size_t>(size) * sizeof(T)) {
    memory_ = take_scratch(bytes_);
}

template <typename T>
Scratch<T>::~Scratch() {
    give_scratch(memory_, bytes_);
}

}  // namespace mien
