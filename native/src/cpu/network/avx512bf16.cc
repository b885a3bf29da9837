#include "simd/avx512bf16.h"

#include "cpu/network/tiles.h"

namespace mien::avx512bf16 {
const NetworkKernels kNetwork = network_kernels<DotBfloat16>();
}  // namespace mien::avx512bf16
