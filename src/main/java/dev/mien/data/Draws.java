package dev.mien.data;

import java.util.SplittableRandom;

/** Random generators keyed by counters, so that any draw can be repeated without the ones before it. */
final class Draws {

    private Draws() {}

    /** A generator that depends on seed and counter alone. */
    static SplittableRandom random(long seed, long counter) {
        return new SplittableRandom(mix(mix(seed) + counter));
    }

    /** Stafford's mix 13: every input bit reaches every output bit. */
    private static long mix(long z) {
        z += 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Shuffles in place (Fisher and Yates). */
    static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }
}
