#include "simd/avx2.h"

#include "cpu/blocks/tiles.h"

namespace mien::avx2 {
const BlockKernels kBlocks = block_kernels<false>();
}  // namespace mien::avx2
