#include "simd/avx512.h"

#include "cpu/blocks/tiles.h"

namespace mien::avx512 {
const BlockKernels kBlocks = block_kernels<false>();
const BlockKernels kEmbeddedBlocks = block_kernels<true>();
}  // namespace mien::avx512
