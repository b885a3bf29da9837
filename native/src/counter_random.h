#pragma once

// Draws that depend on (seed, step, anchor, positive) and nothing else: neither threads, nor instruction set, nor
// order; the same as dev.mien.miners.CounterRandom's. Each key goes through SplitMix64's finaliser (Steele et al.,
// "Fast Splittable Pseudorandom Number Generators", 2014).

#include <cstdint>

#include "host_device.h"

namespace mien {

constexpr uint64_t kGolden = 0x9E3779B97F4A7C15u;

MIEN_SHARED constexpr uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

struct CounterRandom {
    int64_t seed;
    int64_t step;

    // A uniform number in 0..bound-1 without modulo bias (Lemire, 2019); bound is 1..2^31-1.
    MIEN_SHARED int64_t below(int64_t bound, int64_t anchor, int64_t positive) const {
        uint64_t state = key(anchor, positive);
        const uint64_t range = static_cast<uint64_t>(bound);
        const uint64_t refused = (uint64_t{1} << 32) % range;
        for (;; state += kGolden) {
            const uint64_t product = (mix(state) >> 32) * range;
            if ((product & 0xFFFFFFFFu) >= refused) return static_cast<int64_t>(product >> 32);
        }
    }

    // A uniform number in [0, 1).
    MIEN_SHARED double unit(int64_t anchor, int64_t positive) const {
        return static_cast<double>(mix(key(anchor, positive)) >> 11) * 0x1p-53;
    }

private:
    MIEN_SHARED uint64_t key(int64_t anchor, int64_t positive) const {
        uint64_t result = mix(static_cast<uint64_t>(seed) + kGolden);
        result = mix((result ^ static_cast<uint64_t>(step)) + kGolden);
        result = mix((result ^ static_cast<uint64_t>(anchor)) + kGolden);
        return (result ^ static_cast<uint64_t>(positive)) + kGolden;
    }
};

}  // namespace mien
