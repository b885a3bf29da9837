#pragma once

// Memory of the device that the CUDA library runs on: a GPU's, or under the SIMT shim the host's.

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <vector>

#if defined(MIEN_SIMT)
namespace device {

inline void* allocate(size_t bytes) {
    void* const memory = std::aligned_alloc(256, (bytes + 255) / 256 * 256);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}
inline void release(void* memory) { std::free(memory); }
inline void copy_in(void* to, const void* from, size_t bytes) {
    if (to != nullptr && from != nullptr) std::memcpy(to, from, bytes);
}
inline void copy_out(void* to, const void* from, size_t bytes) {
    if (to != nullptr && from != nullptr) std::memcpy(to, from, bytes);
}
inline void fill(void* memory, int byte, size_t bytes) { std::memset(memory, byte, bytes); }

}  // namespace device
#else
#include <cuda_runtime_api.h>

#include <string>

namespace device {

inline void check(cudaError_t error) {
    if (error != cudaSuccess) throw std::runtime_error(std::string("CUDA: ") + cudaGetErrorString(error));
}
inline void* allocate(size_t bytes) {
    void* memory = nullptr;
    check(cudaMalloc(&memory, bytes));
    return memory;
}
inline void release(void* memory) { cudaFree(memory); }
inline void copy_in(void* to, const void* from, size_t bytes) {
    check(cudaMemcpy(to, from, bytes, cudaMemcpyHostToDevice));
}
inline void copy_out(void* to, const void* from, size_t bytes) {
    check(cudaMemcpy(to, from, bytes, cudaMemcpyDeviceToHost));
}
inline void fill(void* memory, int byte, size_t bytes) { check(cudaMemset(memory, byte, bytes)); }

}  // namespace device
#endif

// `count` values in device memory, exactly: what lies beyond is not ours.
template <typename T>
class DeviceArray {
public:
    explicit DeviceArray(int64_t count) : bytes_(static_cast<size_t>(count) * sizeof(T)) {
        if (bytes_ > 0) memory_ = static_cast<T*>(device::allocate(bytes_));
        // Nothing may be read before it is written: not even zeros.
        if (bytes_ > 0) device::fill(memory_, 0xa5, bytes_);
    }
    DeviceArray(const T* values, int64_t count) : DeviceArray(values == nullptr ? 0 : count) {
        if (bytes_ > 0 && values != nullptr) device::copy_in(memory_, values, bytes_);
    }
    ~DeviceArray() {
        if (memory_ != nullptr) device::release(memory_);
    }
    DeviceArray(const DeviceArray&) = delete;
    DeviceArray& operator=(const DeviceArray&) = delete;

    T* get() const { return memory_; }
    void copy_to(T* out, int64_t count) const {
        if (count > 0 && out != nullptr) device::copy_out(out, memory_, static_cast<size_t>(count) * sizeof(T));
    }
    T first() const {
        T value{};
        copy_to(&value, 1);
        return value;
    }

private:
    size_t bytes_;
    T* memory_ = nullptr;
};
