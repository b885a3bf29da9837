package dev.mien.evaluation;

import dev.mien.kernels.DistanceBlocks;
import dev.mien.kernels.ExactDistances;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.commons.math3.util.KthSelector;

/**
 * Which of an anchor's nearest references are of its class, in the order of (float64 distance, row). Neighbours that
 * float32 cannot separate within its error are measured again where their order matters. One thread uses it at a time.
 */
final class NeighbourRanking {

    /** Two distances that differ by less may be in either order: each may be off by the error. */
    private static final double APART = 1 + 3 * DistanceBlocks.RELATIVE_ERROR;

    /** Below, float32 has no seven digits left; above the other, a distance may have become infinity. */
    private static final double LEAST = 1e-37;

    private static final double MOST = 3.4e38;

    private final int[] classes;
    private final KthSelector selector = new KthSelector();
    private final long[] keys; // the bits of a distance, which order as it does, above its row
    private double[] work = {};
    private final int[] positions; // of what is measured again
    private final int[] starts; // of the run that each of these belongs to
    private final int[] rows;
    private final double[] exact;

    private record Neighbour(double distance, int row, long key) {
        static final Comparator<Neighbour> ORDER =
                Comparator.comparingDouble(Neighbour::distance).thenComparingInt(Neighbour::row);
    }

    /** Ranks references of these classes. */
    NeighbourRanking(int[] classes) {
        this.classes = classes;
        keys = new long[classes.length];
        positions = new int[classes.length];
        starts = new int[classes.length];
        rows = new int[classes.length];
        exact = new double[classes.length];
    }

    /**
     * Orders the {@code count} nearest references, for {@link #matches}.
     *
     * @param self the row that is the anchor itself and is left out, or -1
     * @param own the anchor's class
     */
    void rank(float[] distances, int self, int own, int count, ExactDistances distance) {
        int size = gather(distances, self, limit(distances, self, count));
        Arrays.sort(keys, 0, size);
        int open = 0;
        int high;
        for (int low = 0; low < Math.min(size, count); low = high) {
            boolean mixed = false;
            for (high = low + 1; high < size && value(high) <= beyond(value(high - 1)); high++) {
                mixed |= matches(high, own) != matches(low, own);
            }
            for (int i = low; mixed && i < high; i++, open++) {
                positions[open] = i;
                starts[open] = low;
                rows[open] = (int) keys[i];
            }
        }
        distance.fill(rows, open, exact);
        settle(open);
    }

    /** Whether the neighbour of this rank, counted from 0, is of the anchor's class. */
    boolean matches(int rank, int own) {
        return classes[(int) keys[rank]] == own;
    }

    /** No reference farther away than this is among the {@code count} nearest. */
    private double limit(float[] distances, int self, int count) {
        int size = distances.length - (self < 0 ? 0 : 1);
        if (count >= size) {
            return Double.POSITIVE_INFINITY;
        }
        work = work.length == size ? work : new double[size];
        int at = 0;
        for (int row = 0; row < distances.length; row++) {
            if (row != self) {
                work[at++] = distances[row];
            }
        }
        return beyond(selector.select(work, null, count - 1));
    }

    private int gather(float[] distances, int self, double limit) {
        int size = 0;
        for (int row = 0; row < distances.length; row++) {
            if (distances[row] <= limit && row != self) {
                keys[size++] = (long) Float.floatToRawIntBits(distances[row] + 0f) << 32 | row; // + 0 turns -0 into 0
            }
        }
        return size;
    }

    private double value(int position) {
        return Float.intBitsToFloat((int) (keys[position] >>> 32));
    }

    private static double beyond(double distance) {
        double next = distance * APART + LEAST;
        return next < MOST ? next : Double.POSITIVE_INFINITY;
    }

    /** Puts each run of what was measured again into its order. */
    private void settle(int open) {
        int high;
        for (int low = 0; low < open; low = high) {
            for (high = low + 1; high < open && starts[high] == starts[low]; ) {
                high++;
            }
            Neighbour[] run = new Neighbour[high - low];
            for (int i = low; i < high; i++) {
                run[i - low] = new Neighbour(exact[i], rows[i], keys[positions[i]]);
            }
            Arrays.sort(run, Neighbour.ORDER);
            for (int i = low; i < high; i++) {
                keys[positions[i]] = run[i - low].key();
            }
        }
    }
}
