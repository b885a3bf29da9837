package dev.mien.bench;

import dev.mien.bench.Contender.Kind;
import dev.mien.internal.Progress;
import dev.mien.kernels.Distance;
import java.util.ArrayList;
import java.util.List;

/** Measures what the kernels are held to on a CPU, all in one run. */
public final class Targets {

    /** The rows of large workloads, of small ones a fourth, an eighth and a sixteenth; and those of the memory row. */
    private static final int LARGE = 4096;

    private static final int HUGE = 1 << 16;
    private static final double PERCENT = 100;
    private static final double MEGABYTE = 1 << 20;

    /** A measurement to be made. */
    private record Case(Operation operation, int n, int d, Distance distance) {
        Workload workload() {
            return new Workload(n, d, distance, Clusters.TRAINED);
        }

        String words() {
            return "%s %s n=%d d=%d".formatted(operation.word(), distance.word(), n, d);
        }
    }

    private final int large;
    private final int huge;
    private final Duel duel;
    private final Progress progress;
    private final List<Case> planned = new ArrayList<>();
    private final List<Target> met = new ArrayList<>();
    private int done;

    private Targets(int large, int huge, int threads, double seconds, Progress progress) {
        this.large = large;
        this.huge = huge;
        this.duel = new Duel(threads, seconds);
        this.progress = progress;
        for (Operation operation : List.of(Operation.BATCH_HARD, Operation.SEMI_HARD)) {
            for (Distance distance : List.of(Distance.EUCLIDEAN, Distance.COSINE)) {
                for (int d : new int[] {512, 128}) {
                    planned.add(new Case(operation, large, d, distance));
                }
                for (int n : new int[] {large / 4, large / 8, large / 16}) {
                    planned.add(new Case(operation, n, 128, distance));
                }
            }
        }
        // Next to the batch-hard mining that it is compared with.
        planned.add(1, new Case(Operation.BATCH_ALL, large, 512, Distance.EUCLIDEAN));
        for (int d : new int[] {512, 128}) {
            planned.add(new Case(Operation.BATCH_HARD, large, d, Distance.MANHATTAN));
        }
        for (Operation operation : List.of(Operation.BATCH_HARD_FULL, Operation.DISTANCES)) {
            for (int d : new int[] {512, 128, 64}) {
                planned.add(new Case(operation, large, d, Distance.EUCLIDEAN));
            }
        }
    }

    /**
     * Measures them all; each is checked first.
     *
     * @param threads of each contender
     * @param seconds of the turns of one case, about
     */
    public static List<Target> measure(int threads, double seconds, Progress progress) {
        return measure(LARGE, HUGE, threads, seconds, progress);
    }

    /** The same with other numbers of rows. */
    static List<Target> measure(int large, int huge, int threads, double seconds, Progress progress) {
        Targets targets = new Targets(large, huge, threads, seconds, progress);
        targets.run();
        return List.copyOf(targets.met);
    }

    private void run() {
        double batchHard = Double.NaN;
        for (Case each : planned) {
            progress.at("measuring", done++, planned.size() + 1);
            Measurement measured = duel.measure(each.operation(), each.workload());
            if (each.operation() == Operation.BATCH_HARD_FULL) {
                double atLeast = each.d() >= 512 ? 85 : each.d() >= 128 ? 75 : 65;
                double aim = each.d() >= 512 ? 91 : each.d() >= 128 ? 82 : 75;
                addShare(each, measured, atLeast, aim);
            } else if (each.operation() == Operation.DISTANCES) { // which also write 64 MB
                addShare(each, measured, Double.NaN, Double.NaN);
            } else if (each.operation() == Operation.BATCH_ALL) {
                double times = measured.mien().median() / batchHard;
                met.add(Target.atMost("loss + gradient against batch-hard", each.words(), times, "x", 3, 1.5));
                addRatios(each, measured, Double.NaN, Double.NaN);
            } else {
                addRatios(each, measured);
            }
            if (each.equals(planned.get(0))) {
                batchHard = measured.mien().median();
                double times = batchHard / measured.sgemm().median();
                met.add(Target.atMost("time against the bare sgemm", each.words(), times, "x", 0.6, 0.45));
            }
        }
        progress.at("measuring", done, planned.size() + 1);
        addMemory();
        progress.at("measuring", planned.size() + 1, planned.size() + 1);
    }

    private void addRatios(Case planned, Measurement measured) {
        if (planned.distance() == Distance.MANHATTAN) {
            addRatios(planned, measured, 40, 60);
        } else if (planned.n() < large) {
            addRatios(planned, measured, 5, 9);
        } else if (planned.d() == 128) {
            addRatios(planned, measured, 10, 15);
        } else {
            addRatios(planned, measured, 4.5, 6);
        }
    }

    /** One row for each kind of LibTorch code: whole matrices are what the target was set against. */
    private void addRatios(Case planned, Measurement measured, double atLeast, double aim) {
        for (Measurement.Peer peer : measured.peers()) {
            String figure = peer.kind() == Kind.MATRIX ? "LibTorch, whole matrices" : "LibTorch, in blocks";
            boolean held = peer.kind() == Kind.MATRIX;
            met.add(Target.atLeast(
                            figure,
                            planned.words(),
                            measured.ratio(peer),
                            "x",
                            held ? atLeast : Double.NaN,
                            held ? aim : Double.NaN)
                    .with("%.2f ms (min %.2f) against %.2f (min %.2f), %s"
                            .formatted(
                                    measured.mien().median(),
                                    measured.mien().min(),
                                    peer.timing().median(),
                                    peer.timing().min(),
                                    peer.name())));
        }
    }

    private void addShare(Case planned, Measurement measured, double atLeast, double aim) {
        met.add(Target.atLeast("share of the FMA peak", planned.words(), PERCENT * measured.share(), "%", atLeast, aim)
                .with("%.0f of %.0f GFLOP/s".formatted(measured.gflops(), measured.peakGflops())));
    }

    /** mien alone: LibTorch's matrices would take 16 GB each. */
    private void addMemory() {
        Case planned = new Case(Operation.BATCH_HARD, huge, 128, Distance.EUCLIDEAN);
        long bytes = duel.memory(planned.operation(), planned.workload());
        met.add(Target.atMost("peak extra memory", planned.words(), bytes / MEGABYTE, "MB", 256, 64));
    }
}
