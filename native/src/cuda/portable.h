#pragma once

// What kernels need of CUDA, under nvcc and under the SIMT shim of the tests (test/simt), which compiles them for the
// host. Everything else in this folder is the same source for both.

#if defined(__CUDACC__)
#include <cuda_fp16.h>
#include <cuda_runtime.h>
#else
#include "simt.h"
#endif

#include <cstdint>
#include <limits>

#include "host_device.h"

namespace mien::cuda {

using Stream = cudaStream_t;

// Launches `blocks` blocks of `threads` threads, none where `blocks` is 0.
template <typename... P, typename... A>
void launch(Stream stream, int64_t blocks, int threads, void (*kernel)(P...), A... arguments) {
    if (blocks <= 0) return;
#if defined(__CUDACC__)
    kernel<<<static_cast<unsigned>(blocks), static_cast<unsigned>(threads), 0, stream>>>(P(arguments)...);
#else
    (void)stream;
    simt::run(blocks, threads, [&] { kernel(P(arguments)...); });
#endif
}

constexpr int kThreads = 256;  // of every block

// One thread for each of `count` things.
template <typename... P, typename... A>
void launch_each(Stream stream, int64_t count, void (*kernel)(P...), A... arguments) {
    launch(stream, (count + kThreads - 1) / kThreads, kThreads, kernel, arguments...);
}

__device__ __forceinline__ int thread() { return static_cast<int>(threadIdx.x); }
__device__ __forceinline__ int64_t block() { return static_cast<int64_t>(blockIdx.x); }
__device__ __forceinline__ int64_t blocks() { return static_cast<int64_t>(gridDim.x); }
// The number of this thread among those of launch_each.
__device__ __forceinline__ int64_t global_thread() { return block() * kThreads + thread(); }

constexpr int kWarp = 32;
constexpr unsigned kWholeWarp = 0xffffffffu;

__device__ __forceinline__ int lane() { return thread() % kWarp; }

__device__ __forceinline__ int count_bits(unsigned bits) {
#if defined(__CUDA_ARCH__)
    return __popc(bits);
#else
    return __builtin_popcount(bits);
#endif
}

__device__ __forceinline__ int count_bits64(uint64_t bits) {
    return count_bits(static_cast<unsigned>(bits)) + count_bits(static_cast<unsigned>(bits >> 32));
}

// atomicAdd on int64 counters.
__device__ __forceinline__ int64_t add_to(int64_t* at, int64_t value) {
    return static_cast<int64_t>(
        atomicAdd(reinterpret_cast<unsigned long long*>(at), static_cast<unsigned long long>(value)));
}

// a * b + c; rounded once on a GPU, twice under the shim: fast/bounds.h holds for both.
__device__ __forceinline__ float multiply_add(float a, float b, float c) {
#if defined(__CUDACC__)
    return fmaf(a, b, c);
#else
    return a * b + c;
#endif
}

// Sixteen bytes from global into shared memory, there after wait_for_copies.
__device__ __forceinline__ void copy_later(void* shared, const void* global) {
#if defined(__CUDA_ARCH__)
    const unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(shared));
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(global) : "memory");
#elif !defined(__CUDACC__)
    simt::copy_later(shared, global, 16);
#endif
}

// Closes a group of copies.
__device__ __forceinline__ void commit_copies() {
#if defined(__CUDA_ARCH__)
    asm volatile("cp.async.commit_group;" ::: "memory");
#elif !defined(__CUDACC__)
    simt::commit_copies();
#endif
}

// Until this thread's copies are done, but for those of the last kLeft groups.
template <int kLeft>
__device__ __forceinline__ void wait_for_copies() {
#if defined(__CUDA_ARCH__)
    asm volatile("cp.async.wait_group %0;" ::"n"(kLeft) : "memory");
#elif !defined(__CUDACC__)
    simt::wait_for_copies(kLeft);
#endif
}

// float16 from its bits.
MIEN_SHARED inline float half_value(uint16_t bits) {
#if defined(__CUDA_ARCH__)
    return __half2float(__ushort_as_half(bits));
#else
    const uint32_t sign = static_cast<uint32_t>(bits & 0x8000u) << 16, exponent = bits >> 10 & 31u, rest = bits & 1023u;
    union {
        uint32_t word;
        float value;
    } result;
    if (exponent == 0) {
        result.value = static_cast<float>(rest) * 0x1p-24f;
        result.word |= sign;
    } else {
        result.word = sign | (exponent == 31 ? 0xffu : exponent + 112) << 23 | rest << 13;
    }
    return result.value;
#endif
}

MIEN_SHARED inline uint32_t bits_of(float value) {
    union {
        float value;
        uint32_t word;
    } result;
    result.value = value;
    return result.word;
}

// A finite float to the nearest with `bits` fewer bits of mantissa, ties to even; as its bits.
MIEN_SHARED inline uint32_t rounded_bits(float value, int bits) {
    const uint32_t word = bits_of(value), half = (1u << (bits - 1)) - 1 + (word >> bits & 1u);
    return (word + half) >> bits << bits;
}

// bfloat16 from its bits.
MIEN_SHARED inline float brain_value(uint16_t bits) {
    union {
        uint32_t word;
        float value;
    } result;
    result.word = static_cast<uint32_t>(bits) << 16;
    return result.value;
}

}  // namespace mien::cuda
