package dev.mien.evaluation;

import dev.mien.data.FloatMatrix;
import java.util.Random;
import java.util.stream.LongStream;

/** Rows and labels that are hard to rank: ties, clouds far from the origin, values at the ends of float32. */
final class AwkwardRows {

    private AwkwardRows() {}

    /** One of eight kinds. */
    static FloatMatrix draw(int kind, int n, int d, Random random) {
        float[] values = new float[n * d];
        for (int i = 0; i < values.length; i++) {
            double gauss = random.nextGaussian();
            values[i] = (float)
                    switch (kind % 8) {
                        case 0 -> gauss;
                        case 1 -> random.nextInt(3) - 1; // a grid with zero rows and ties
                        case 2 -> 100 + gauss;
                        case 3 -> 1e4 + gauss;
                        case 4 -> 1 + (random.nextDouble() * 4 - 2) * 1e-7;
                        case 5 -> 0.1; // all equal
                        case 6 -> gauss * Math.pow(10, random.nextInt(60) - 30);
                        default -> random.nextInt(3) == 0 ? 0 : gauss;
                    };
        }
        for (int copies = 0; kind % 8 == 7 && copies < n / 2; copies++) {
            System.arraycopy(values, random.nextInt(n) * d, values, random.nextInt(n) * d, d);
        }
        return new FloatMatrix(values, n, d);
    }

    /** Few classes, one, all of their own, or some alone. */
    static long[] labels(int kind, int n, Random random) {
        return switch (kind / 8 % 5) {
            case 0 -> random.longs(n, 0, 3).toArray();
            case 1 -> new long[n];
            case 2 -> LongStream.range(0, n).toArray();
            case 3 -> LongStream.range(0, n)
                    .map(i -> i < n / 2 ? i : Long.MIN_VALUE)
                    .toArray();
            default -> random.longs(n, -2, 5).toArray();
        };
    }
}
