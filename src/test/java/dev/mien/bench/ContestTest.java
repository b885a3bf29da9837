package dev.mien.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.bench.Contender.Kind;
import dev.mien.kernels.CudaOnHost;
import dev.mien.kernels.Distance;
import dev.mien.kernels.NativeKernels;
import dev.mien.kernels.Triplets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A benchmark is worth nothing unless both sides compute the same: every peer agrees with mien, and liars are caught. */
class ContestTest {

    static Stream<Workload> workloads() {
        return Stream.of(Distance.values()).flatMap(distance -> Stream.of(Clusters.values())
                .flatMap(data ->
                        Stream.of(new Workload(40, 17, distance, data), new Workload(530, 33, distance, data))));
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void everyPeerAgrees(Workload workload) {
        for (Operation operation : Operation.values()) {
            Contest<?> contest = operation.contest(workload);
            int least = operation == Operation.BATCH_HARD_FULL || workload.distance() == Distance.MANHATTAN ? 1 : 2;
            assertTrue(contest.peers().size() >= least, operation.word());
            compare(operation, contest, workload);
        }
    }

    /** What bench runs with --device cuda, but for the device. */
    @ParameterizedTest
    @EnumSource
    void everyPeerAgreesWithTheCudaLibrary(Distance distance) {
        Workload workload = new Workload(40, 17, distance, Clusters.UNTRAINED);
        for (Operation operation : Operation.values()) {
            compare(operation, operation.contest(workload, CudaOnHost.kernels()), workload);
        }
    }

    private static <R> void compare(Operation operation, Contest<R> contest, Workload workload) {
        try (Input input = contest.pair() ? Input.drawPair(workload) : Input.draw(workload)) {
            First<R> first = new First<>(contest, input);
            contest.peers().forEach(peer -> assertTrue(first.bytes(peer) >= 0, operation.word()));
        }
    }

    /** The same anchors and positives with the negatives of other triplets. */
    private static Selection falsified(Selection selection) {
        Triplets t = selection.triplets();
        long[] rows = t.negative().clone();
        for (int i = 0; i < rows.length; i++) {
            rows[i] = t.negative()[(i + 7) % rows.length];
        }
        Triplets wrong = new Triplets(t.anchor(), t.positive(), rows);
        return () -> wrong;
    }

    @ParameterizedTest
    @EnumSource(names = {"BATCH_HARD", "SEMI_HARD", "EASY_POSITIVE", "RANDOM", "DISTANCE_WEIGHTED"})
    void aWrongSelectionIsCaught(Operation operation) {
        Workload workload = new Workload(64, 16, Distance.EUCLIDEAN, Clusters.UNTRAINED);
        @SuppressWarnings("unchecked") // these all select
        Contest<Selection> contest = (Contest<Selection>) operation.contest(workload);
        Contender<Selection> liar = new Contender<>(
                "liar", Kind.MATRIX, in -> falsified(contest.mien().run().apply(in)));
        try (Input input = Input.draw(workload)) {
            Contest<Selection> rigged = new Contest<>(contest.mien(), List.of(liar), contest.check(), false);
            IllegalStateException caught = assertThrows(IllegalStateException.class, () -> new First<>(rigged, input));
            assertTrue(
                    caught.getMessage().startsWith("liar, n=64 d=16 euclidean: the peer is wrong"), caught::getMessage);
        }
    }

    @Test
    void aWrongFigureIsCaught() {
        Statistics mien = new Statistics(10_000, 20, 30, 1, new double[5], new double[5]);
        FigureChecks.statistics(null, mien, mien);
        Statistics peer = new Statistics(10_000, 20, 50, 1, new double[5], new double[5]);
        assertThrows(IllegalStateException.class, () -> FigureChecks.statistics(null, mien, peer));
    }

    @Test
    void inputIsTheSameEachTimeAndAsDescribed() {
        for (Clusters data : Clusters.values()) {
            Workload workload = new Workload(512, 64, Distance.EUCLIDEAN, data);
            try (Input input = Input.draw(workload);
                    Input again = Input.draw(workload)) {
                assertTrue(input.rows().equal(again.rows()));
                Statistics seen = Contests.statistics(workload, new NativeKernels())
                        .mien()
                        .run()
                        .apply(input);
                double all = seen.easy() + seen.semiHard() + seen.hard();
                assertEquals(512L * 3 * 508, all);
                double beyond = seen.easy() / all;
                assertTrue(data == Clusters.TRAINED ? beyond > 0.9 : beyond < 0.5, data + " easy: " + beyond);
                assertTrue(seen.hard() > 0 && seen.semiHard() > 0, seen.toString());
            }
        }
    }
}
