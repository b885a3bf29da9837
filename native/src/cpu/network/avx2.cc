#include "simd/avx2.h"

#include "cpu/network/tiles.h"

namespace mien::avx2 {
const NetworkKernels kNetwork = network_kernels<UnpackedBfloat16>();
}  // namespace mien::avx2
