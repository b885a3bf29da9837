#pragma once

// What the threads of one block do together. Every function here is called by all of them.

#include "cuda/problem.h"
#include "cuda/sort.h"

namespace mien::cuda {

constexpr int kGroups = 16;  // results are combined in two steps

// Every thread's value combined with all others', in the same order always. combine(a, b) is associative up to
// rounding.
template <typename T, typename Combine>
__device__ T combine_all(T value, Combine combine) {
    __shared__ T values[kThreads], groups[kGroups];
    __syncthreads();  // the values of an earlier call may still be read
    values[thread()] = value;
    __syncthreads();
    if (thread() < kGroups) {
        T part = values[thread() * (kThreads / kGroups)];
        for (int i = 1; i < kThreads / kGroups; ++i) {
            part = combine(part, values[thread() * (kThreads / kGroups) + i]);
        }
        groups[thread()] = part;
    }
    __syncthreads();
    T result = groups[0];
    for (int i = 1; i < kGroups; ++i) result = combine(result, groups[i]);
    return result;
}

struct Sum {
    template <typename T>
    __device__ T operator()(T a, T b) const {
        return a + b;
    }
};
struct Largest {
    __device__ double operator()(double a, double b) const { return a > b ? a : b; }
};
struct Nearer {
    __device__ Ranked operator()(const Ranked& a, const Ranked& b) const { return before(b, a) ? b : a; }
};
struct Farther {
    __device__ Ranked operator()(const Ranked& a, const Ranked& b) const { return farther(b, a) ? b : a; }
};

// The sum of the values of the threads before this one; `total` is that of all.
template <typename T>
__device__ T sum_before(T value, T* total) {
    __shared__ T values[kThreads], sums[kThreads + 1];
    __syncthreads();
    values[thread()] = value;
    __syncthreads();
    if (thread() == 0) {
        T sum = 0;
        for (int i = 0; i < kThreads; ++i) {
            sums[i] = sum;
            sum += values[i];
        }
        sums[kThreads] = sum;
    }
    __syncthreads();
    *total = sums[kThreads];
    return sums[thread()];
}

// This thread's part of `count` things in order.
struct Part {
    int64_t begin, end;
};
__device__ inline Part own_part(int64_t count) {
    const int64_t each = (count + kThreads - 1) / kThreads, begin = thread() * each;
    return {begin < count ? begin : count, begin + each < count ? begin + each : count};
}

// values[i] becomes the sum of the values up to and including it; never falls where no value is negative. Returns the
// sum of all.
__device__ inline double accumulate(double* values, int64_t count) {
    const Part part = own_part(count);
    double sum = 0;
    for (int64_t i = part.begin; i < part.end; ++i) sum += values[i];
    double total;
    const double base = sum_before(sum, &total);
    sum = 0;
    for (int64_t i = part.begin; i < part.end; ++i) {
        sum += values[i];
        values[i] = base + sum;
    }
    __syncthreads();
    return total;
}

// Sorts `count` elements of `a` by way of b; returns where they are then.
template <typename T>
__device__ T* sort_together(T* a, T* b, int64_t count) {
    __syncthreads();
    for (int64_t i = thread(); i < count; i += kThreads) b[place_in_chunk(a, i, count)] = a[i];
    __syncthreads();
    for (int64_t width = kSortChunk; width < count; width *= 2) {
        for (int64_t i = thread(); i < count; i += kThreads) a[place_in_merged(b, i, width, count)] = b[i];
        __syncthreads();
        T* const turned = a;
        a = b;
        b = turned;
    }
    return b;
}

}  // namespace mien::cuda
