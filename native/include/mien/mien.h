#pragma once

// The kernel library: free functions over memory that the caller owns.
//
// Matrices are dense and row-major, float32, sizes int64. Every function may be called from any thread and none keeps
// a pointer after it returns. A bad argument throws std::invalid_argument with one sentence that names the value or
// the row; nothing is written then.

#include <cstdint>

#define MIEN_API __attribute__((visibility("default")))

namespace mien {

// Codes of `distance` below, in the order of dev.mien.kernels.Distance. Always: smaller is closer.
enum Distance : int {
    kEuclidean = 0,         // sqrt(sum (a - b)^2)
    kSquaredEuclidean = 1,  // sum (a - b)^2
    kManhattan = 2,         // sum |a - b|
    kCosine = 3,            // 1 - cos(a, b), in 0..2; a zero vector is at 1 from everything
};

// Version of the library, such as "0.1.0".
MIEN_API const char* version();

// The instruction set the kernels use: "serial" (baseline x86-64), "avx2" or "avx512": the best that the CPU has and
// the environment variable MIEN_MAX_ISA, one of those words, allows. Throws if MIEN_MAX_ISA is anything else.
MIEN_API const char* active_isa();

// Threads that one call may use, 1..1024, for the whole process; at first the CPUs this process may run on.
MIEN_API void set_threads(int threads);
MIEN_API int threads();

// out[i, j] = distance between row i of a and row j of b, accurate to 1e-6 relative, and the same on every instruction
// set and number of threads. A distance beyond the range of float32 is infinity.
//   a (n, d), b (m, d), out (n, m); n and m may be 0, then their pointers may be null; d is at least 1
// Throws if a row of a or b holds a NaN or an infinity, naming the first.
MIEN_API void distances(const float* a, int64_t n, const float* b, int64_t m, int64_t d, int distance, float* out);

}  // namespace mien
