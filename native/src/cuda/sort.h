#pragma once

// Sorting by merging: a thread finds the place of its element among the elements of the run beside its own. Elements
// differ (rows break ties), and before(a, b) orders them.

#include "cuda/portable.h"

namespace mien::cuda {

constexpr int kSortChunk = 32;  // sorted by counting before runs are merged

// Of the rising elements first..last-1 those before `element`: the place of the first that is not.
template <typename T>
__device__ int64_t lower_bound(const T* elements, int64_t first, int64_t last, const T& element) {
    while (first < last) {
        const int64_t middle = (first + last) / 2;
        if (before(elements[middle], element)) {
            first = middle + 1;
        } else {
            last = middle;
        }
    }
    return first;
}

// The place of element i within its chunk.
template <typename T>
__device__ int64_t place_in_chunk(const T* in, int64_t i, int64_t count) {
    const int64_t begin = i / kSortChunk * kSortChunk;
    const int64_t end = begin + kSortChunk < count ? begin + kSortChunk : count;
    int64_t place = begin;
    for (int64_t j = begin; j < end; ++j) place += before(in[j], in[i]) ? 1 : 0;
    return place;
}

// The place of element i once its run of `width` and the one beside it are merged.
template <typename T>
__device__ int64_t place_in_merged(const T* in, int64_t i, int64_t width, int64_t count) {
    const int64_t run = i / width, begin = (run ^ 1) * width;
    if (begin >= count) return i;
    const int64_t end = begin + width < count ? begin + width : count;
    const int64_t below = lower_bound(in, begin, end, in[i]) - begin;
    return i / (2 * width) * (2 * width) + i % width + below;
}

template <typename T>
__global__ void sort_chunks(const T* in, T* out, int64_t count) {
    const int64_t i = global_thread();
    if (i < count) out[place_in_chunk(in, i, count)] = in[i];
}

template <typename T>
__global__ void merge_runs(const T* in, T* out, int64_t width, int64_t count) {
    const int64_t i = global_thread();
    if (i < count) out[place_in_merged(in, i, width, count)] = in[i];
}

// How often sort moves the elements to the other side.
inline int sort_passes(int64_t count) {
    int passes = 1;
    for (int64_t width = kSortChunk; width < count; width *= 2) ++passes;
    return passes;
}

// Sorts `count` elements of `a` by way of b (count); returns where they are then: a where sort_passes is even, else b.
template <typename T>
T* sort(Stream stream, T* a, T* b, int64_t count) {
    launch_each(stream, count, sort_chunks<T>, static_cast<const T*>(a), b, count);
    for (int64_t width = kSortChunk; width < count; width *= 2) {
        launch_each(stream, count, merge_runs<T>, static_cast<const T*>(b), a, width, count);
        T* const turned = a;
        a = b;
        b = turned;
    }
    return b;
}

}  // namespace mien::cuda
