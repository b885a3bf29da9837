package dev.mien.bench;

import dev.mien.bench.Contender.Kind;
import dev.mien.internal.Native;
import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.NativeKernels;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Device;

/**
 * Measures an operation: checks every peer, picks the best of each kind, then times all in turns, so that a neighbour's
 * load falls on all alike.
 */
public final class Duel {

    static {
        NativeRuntime.load();
    }

    private static final int LEAST_TURNS = 3;
    private static final int MOST_TURNS = 100;
    private static final double PEAK_SECONDS = 0.05;

    private final int threads;
    private final double seconds;
    private final Device device;
    private final NativeKernels kernels;

    /**
     * @param threads of each contender, 1..1024
     * @param seconds that the turns of one measurement take, about; three turns at least
     */
    public Duel(int threads, double seconds) {
        this(threads, seconds, new Device("cpu"), new NativeKernels());
    }

    /**
     * The same on a device.
     *
     * @param device CPU or CUDA, where the rows are and LibTorch computes
     * @param kernels mien's
     */
    public Duel(int threads, double seconds, Device device, NativeKernels kernels) {
        this.threads = threads;
        this.seconds = seconds;
        this.device = device;
        this.kernels = kernels;
    }

    /**
     * Measures one operation on one workload. Leaves all thread pools at {@code threads} or one, as they are outside.
     *
     * @throws IllegalStateException if a peer's result is not mien's
     * @throws IllegalArgumentException if not even mien's result fits into memory
     */
    public Measurement measure(Operation operation, Workload workload) {
        NativeRuntime.setThreads(threads);
        try {
            return measure(operation, workload, operation.contest(workload, kernels));
        } finally {
            NativeRuntime.setThreads(threads);
        }
    }

    /** Bytes by which the resident memory rises at most while mien alone runs once. */
    public long memory(Operation operation, Workload workload) {
        NativeRuntime.setThreads(threads);
        return memory(operation.contest(workload, kernels), workload);
    }

    private static <R> long memory(Contest<R> contest, Workload workload) {
        try (Input input = Input.draw(workload)) {
            Contest<R> alone = new Contest<>(contest.mien(), List.of(), contest.check(), contest.pair());
            return new First<>(alone, input).bytes(contest.mien());
        }
    }

    private <R> Measurement measure(Operation operation, Workload workload, Contest<R> contest) {
        try (Input input = (contest.pair() ? Input.drawPair(workload) : Input.draw(workload)).on(device)) {
            First<R> first = new First<>(contest, input);
            List<Turns<R>> peers = new ArrayList<>();
            for (Kind kind : List.of(Kind.MATRIX, Kind.BLOCKS)) {
                Choice.fastest(first.peers(kind), input, threads).ifPresent(choice -> peers.add(new Turns<>(choice)));
            }
            Turns<R> mien = new Turns<>(new Choice<>(contest.mien(), ThreadSplit.TORCH));
            try (Calibration calibration = new Calibration(workload, device)) {
                Turns<Void> sgemm = calibration.fits() ? new Turns<>(calibration.sgemm(input, threads)) : null;
                double peak = takeTurns(mien, peers, sgemm, input);
                return new Measurement(
                        operation,
                        workload,
                        threads,
                        mien.timing(),
                        first.bytes(contest.mien()),
                        peers.stream().map(turns -> turns.peer(first)).toList(),
                        sgemm == null ? null : sgemm.timing(),
                        peak);
            }
        }
    }

    private <R> double takeTurns(Turns<R> mien, List<Turns<R>> peers, Turns<Void> sgemm, Input input) {
        List<Double> peaks = new ArrayList<>();
        mien.warmUp(input);
        peers.forEach(peer -> peer.warmUp(input));
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (peaks.size() < LEAST_TURNS || System.nanoTime() < end && peaks.size() < MOST_TURNS) {
            mien.take(input);
            peers.forEach(peer -> peer.take(input));
            if (sgemm != null) {
                sgemm.take(input);
            }
            Stopwatch.rest();
            peaks.add(input.onCuda() ? Double.NaN : Native.peakGflops(threads, PEAK_SECONDS));
        }
        return Timing.median(peaks.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** A contender's turns. */
    private final class Turns<T> {
        private final Choice<T> choice;
        private final List<Double> millis = new ArrayList<>();

        Turns(Choice<T> choice) {
            this.choice = choice;
        }

        void warmUp(Input input) {
            choice.split().apply(threads);
            Stopwatch.warmUp(choice.contender(), input);
        }

        void take(Input input) {
            choice.split().apply(threads);
            millis.addAll(Stopwatch.visit(choice.contender(), input));
        }

        Timing timing() {
            return Timing.of(millis);
        }

        Measurement.Peer peer(First<?> first) {
            return new Measurement.Peer(
                    device.is_cpu()
                            ? choice.describe(threads)
                            : choice.contender().name(),
                    choice.contender().kind(),
                    timing(),
                    first.bytes(choice.contender()));
        }
    }
}
