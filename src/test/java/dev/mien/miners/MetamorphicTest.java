package dev.mien.miners;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mien.data.FloatMatrix;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Triplets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Relations between miners, and between a batch and its permutation, on batches too large for the cubic oracle. */
class MetamorphicTest {

    private static final int N = 150;
    private static final int D = 20;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final FloatMatrix x = gaussian();
    private final long[] labels = random.longs(N, 0, 6).toArray();

    private FloatMatrix gaussian() {
        float[] values = new float[N * D];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new FloatMatrix(values, N, D);
    }

    @ParameterizedTest
    @EnumSource
    void theFirstRankIsTheHardest(Distance distance) {
        Triplets hard = new BatchHardMiner(distance, 0).mine(x, labels, 0).triplets();
        Triplets window =
                new BatchHardMiner(distance, 0, 1, 2).mine(x, labels, 0).triplets();
        Triplets second =
                new BatchHardMiner(distance, 0, 2, 2).mine(x, labels, 0).triplets();
        TreeSet<String> union = new TreeSet<>(rows(hard));
        union.addAll(rows(second));
        assertEquals(union, new TreeSet<>(rows(window)), "seed " + seed);
        Triplets all = new BatchHardMiner(distance, 0, 1, N).mine(x, labels, 0).triplets();
        long negatives = 0;
        for (long label : labels) {
            negatives += Arrays.stream(labels).filter(other -> other != label).count();
        }
        assertEquals(negatives, all.size(), "seed " + seed);
    }

    @ParameterizedTest
    @EnumSource
    void anInfiniteMarginTakesEveryTriplet(Distance distance) {
        long expected = 0;
        for (long label = 0; label < 6; label++) {
            long wanted = label;
            long count = Arrays.stream(labels).filter(other -> other == wanted).count();
            expected += count * (count - 1) * (N - count);
        }
        int mined = new BatchAllMiner(distance, Double.POSITIVE_INFINITY)
                .mine(x, labels, 0)
                .triplets()
                .size();
        assertEquals(expected, mined, "seed " + seed);
    }

    @ParameterizedTest
    @EnumSource
    void aPermutedBatchGivesThePermutedTriplets(Distance distance) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < N; i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        int[] chosen = order.stream().mapToInt(i -> i).toArray();
        long[] permuted = Arrays.stream(chosen).mapToLong(i -> labels[i]).toArray();
        for (Miner miner : List.of(
                new BatchHardMiner(distance, 0.1, 1, 4),
                new BatchAllMiner(distance, 0.1),
                new SemiHardMiner(distance, 0.1, Semantics.FACENET, 0),
                new SemiHardMiner(distance, 0.1, Semantics.TFA, 0),
                new EasyPositiveMiner(distance, 0.1, NegativeChoice.SEMI_HARD))) {
            Triplets moved = miner.mine(x.select(chosen), permuted, 0).triplets();
            Triplets back = new Triplets(
                    map(moved.anchor(), chosen), map(moved.positive(), chosen), map(moved.negative(), chosen));
            assertEquals(
                    new TreeSet<>(rows(miner.mine(x, labels, 0).triplets())),
                    new TreeSet<>(rows(back)),
                    miner + ", seed " + seed);
        }
    }

    private static long[] map(long[] rows, int[] chosen) {
        return Arrays.stream(rows).map(row -> chosen[(int) row]).toArray();
    }

    private static List<String> rows(Triplets triplets) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < triplets.size(); i++) {
            rows.add(triplets.anchor()[i] + " " + triplets.positive()[i] + " " + triplets.negative()[i]);
        }
        return rows;
    }
}
