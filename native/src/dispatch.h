#pragma once

#include "cpu/peak/peak.h"
#include "kernels.h"
#include "network/kernels.h"

namespace mien {

// The kernels of one instruction set. A higher tier starts as a copy of the one below and overrides what it improves.
struct KernelTable {
    const char* isa;
    DistancesKernel distances[kDistanceCount];  // by mien::Distance
    ExactRowsKernel exact_rows;
    ExactPairsKernel exact_pairs;
    const BlockKernels* blocks;  // null in the serial tier, which computes everything exactly
    const PeakLoop* peak;
    const NetworkKernels* network;  // null in the serial tier, which computes in float64
};

// The table in use: the best tier that the CPU supports and MIEN_MAX_ISA allows, chosen on the first call.
const KernelTable& kernels();

}  // namespace mien
