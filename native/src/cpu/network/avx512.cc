#include "simd/avx512.h"

#include "cpu/network/tiles.h"

namespace mien::avx512 {
const NetworkKernels kNetwork = network_kernels<UnpackedBfloat16>();
}  // namespace mien::avx512
