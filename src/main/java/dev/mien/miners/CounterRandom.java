package dev.mien.miners;

/**
 * Draws that depend on (seed, step, anchor, positive) and nothing else: neither threads, nor device, nor order. Each key
 * goes through SplitMix64's finaliser (Steele et al., "Fast Splittable Pseudorandom Number Generators", 2014).
 */
final class CounterRandom {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private CounterRandom() {}

    /** A uniform number in 0..bound-1 without modulo bias (Lemire, 2019). */
    static int below(int bound, long seed, long step, long anchor, long positive) {
        long state = key(seed, step, anchor, positive);
        long refused = Integer.remainderUnsigned(-bound, bound); // 2^32 mod bound
        while (true) {
            long product = (mix(state) >>> 32) * bound;
            if ((product & 0xFFFFFFFFL) >= refused) {
                return (int) (product >>> 32);
            }
            state += GOLDEN;
        }
    }

    /** A uniform number in [0, 1). */
    static double unit(long seed, long step, long anchor, long positive) {
        return (mix(key(seed, step, anchor, positive)) >>> 11) * 0x1p-53;
    }

    private static long key(long seed, long step, long anchor, long positive) {
        long key = mix(seed + GOLDEN);
        key = mix((key ^ step) + GOLDEN);
        key = mix((key ^ anchor) + GOLDEN);
        return (key ^ positive) + GOLDEN;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
