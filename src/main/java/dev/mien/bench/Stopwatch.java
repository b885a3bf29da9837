package dev.mien.bench;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/** Runs contenders against the wall clock, results freed within the time. */
final class Stopwatch {

    /** A visit lasts at least so long, in milliseconds. */
    private static final double VISIT = 20;

    /** Milliseconds of a visit before its runs count: the first ones pay for the switch. */
    private static final double SETTLING = 5;

    /** Milliseconds until an idle OpenBLAS thread sleeps; before, it yields in a loop: 366 GFLOP/s of a peak of 447. */
    private static final long RESTING = 50;

    /** From this many milliseconds on a first run counts, as what it pays for the switch does not show. */
    private static final double LONG = 1000;

    private static final int MOST_RUNS = 200;

    /** Milliseconds of runs before any counts, on all sides: by then the virtual machine has compiled what is short. */
    private static final double WARM_UP = 1000;

    private Stopwatch() {}

    /** Milliseconds of one run. */
    static <R> double millis(Contender<R> contender, Input input) {
        input.awaitDevice();
        long started = System.nanoTime();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            contender.run().apply(input);
        }
        input.awaitDevice();
        return (System.nanoTime() - started) / 1e6;
    }

    /** Runs untimed until the virtual machine is warm; once where a run is long. */
    static <R> void warmUp(Contender<R> contender, Input input) {
        double total = 0;
        while (total < WARM_UP) {
            total += millis(contender, input);
        }
    }

    /** Waits until the threads of whoever ran before sleep. */
    static void rest() {
        try {
            Thread.sleep(RESTING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Milliseconds of the runs of one visit: after some that do not count, unless the first took long enough itself. */
    static <R> List<Double> visit(Contender<R> contender, Input input) {
        rest();
        double total = millis(contender, input);
        if (total >= LONG) {
            return List.of(total);
        }
        while (total < SETTLING) {
            total += millis(contender, input);
        }
        List<Double> runs = new ArrayList<>();
        total = 0;
        while (total < VISIT && runs.size() < MOST_RUNS) {
            double millis = millis(contender, input);
            runs.add(millis);
            total += millis;
        }
        return runs;
    }
}
