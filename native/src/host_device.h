#pragma once

// Code that CPU kernels and CUDA kernels share is marked MIEN_SHARED.
#if defined(__CUDACC__)
#define MIEN_SHARED __host__ __device__
#else
#define MIEN_SHARED
#endif
