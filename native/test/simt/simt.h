#pragma once

// CUDA's SIMT model on the host: kernels compiled by g++ run block after block, each thread a fiber of its own, which
// gives way at barriers and warp operations only. What a GPU leaves undefined is an error here: a barrier that some
// threads of the block miss, threads at different barriers, a warp operation that some lanes of its mask miss. Threads
// and blocks run forwards and backwards in turn, so that a result that hangs on their order differs between runs.

#include <cstdint>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
// One block runs at a time: what its threads share is static.
#define __shared__ static
#define __syncthreads() simt::barrier(__FILE__, __LINE__)
#define __syncwarp (simt::WarpBarrier{__FILE__, __LINE__})
#define __shfl_sync(mask, value, lane) simt::shuffle(__FILE__, __LINE__, mask, value, (lane)&31)
#define __shfl_xor_sync(mask, value, bits) simt::shuffle(__FILE__, __LINE__, mask, value, simt::lane() ^ (bits))
#define __shfl_down_sync(mask, value, delta) \
    simt::shuffle(__FILE__, __LINE__, mask, value, simt::lane() + (delta) < 32 ? simt::lane() + (delta) : simt::lane())
#define __ballot_sync(mask, predicate) simt::ballot(__FILE__, __LINE__, mask, predicate)

struct dim3 {
    unsigned x = 1, y = 1, z = 1;
};
struct alignas(16) float4 {
    float x, y, z, w;
};

#define threadIdx (simt::thread_index)
#define blockIdx (simt::block_index)
#define blockDim (simt::block_size)
#define gridDim (simt::grid_size)

using cudaStream_t = void*;

namespace simt {

inline dim3 thread_index, block_index, block_size, grid_size;

class Error : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Runs all blocks of a kernel. Throws Error where threads go apart.
void run(int64_t blocks, int threads, const std::function<void()>& kernel);

inline int lane() { return static_cast<int>(thread_index.x % 32); }

void barrier(const char* file, int line);

// Hands in a value and returns when all lanes of the mask have; `slots` are those of the warp, by lane.
const uint64_t* exchange(const char* file, int line, uint32_t mask, uint64_t value);

struct WarpBarrier {
    const char* file;
    int line;

    void operator()(uint32_t mask = 0xffffffffu) const { exchange(file, line, mask, 0); }
};

template <typename T>
T shuffle(const char* file, int line, uint32_t mask, T value, int from) {
    static_assert(sizeof(T) <= sizeof(uint64_t));
    uint64_t word = 0;
    std::memcpy(&word, &value, sizeof value);
    const uint64_t* slots = exchange(file, line, mask, word);
    if ((mask >> from & 1) == 0) throw Error("shuffle from a lane outside the mask");
    std::memcpy(&value, slots + from, sizeof value);
    return value;
}

inline uint32_t ballot(const char* file, int line, uint32_t mask, bool predicate) {
    const uint64_t* slots = exchange(file, line, mask, predicate ? 1 : 0);
    uint32_t bits = 0;
    for (int i = 0; i < 32; ++i) bits |= (mask >> i & 1) != 0 && slots[i] != 0 ? 1u << i : 0;
    return bits;
}

// Copies that are done when waited for, and not before: until then the target holds NaNs.
void copy_later(void* to, const void* from, int bytes);
void commit_copies();
void wait_for_copies(int groups_left);

// What ran since the start, for messages of the tests.
struct Work {
    int64_t kernels, blocks, switches;
};
Work work();

}  // namespace simt

template <typename T>
T simt_exchange(T* at, T value) {
    const T old = *at;
    *at = value;
    return old;
}
template <typename T>
T atomicAdd(T* at, T value) {
    return simt_exchange(at, static_cast<T>(*at + value));
}
template <typename T>
T atomicMin(T* at, T value) {
    return simt_exchange(at, value < *at ? value : *at);
}
template <typename T>
T atomicMax(T* at, T value) {
    return simt_exchange(at, value > *at ? value : *at);
}
template <typename T>
T atomicOr(T* at, T value) {
    return simt_exchange(at, static_cast<T>(*at | value));
}
template <typename T>
T atomicCAS(T* at, T expected, T value) {
    return simt_exchange(at, *at == expected ? value : *at);
}

inline uint32_t __float_as_uint(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}
inline float __uint_as_float(uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}
