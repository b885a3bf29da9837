#pragma once

// Apart from kernels.h, whose inline functions must not be compiled for one instruction set.

#include <cstdint>

namespace mien {

// A loop of independent fused multiply-adds that never leave the registers.
struct PeakLoop {
    float (*run)(int64_t rounds);  // returns what the chains add up to, so that no compiler drops them
    int64_t flops;                 // of one round, 2 per multiply-add
};

namespace serial {
extern const PeakLoop peak;
}
namespace avx2 {
extern const PeakLoop peak;
}
namespace avx512 {
extern const PeakLoop peak;
}

}  // namespace mien
