package dev.mien.bench;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/** Runs contenders against the wall clock, results freed within the time. */
final class Stopwatch {

    /** A visit lasts at least so long, in milliseconds, so that a short run is not one of the first after a switch. */
    private static final double VISIT = 20;

    /** From this many milliseconds on a first run counts, as what it pays for the switch does not show. */
    private static final double LONG = 1000;

    private static final int MOST_RUNS = 200;

    /** Milliseconds of runs before any counts, on all sides: by then the virtual machine has compiled what is short. */
    private static final double WARM_UP = 1000;

    private Stopwatch() {}

    /** Milliseconds of one run. */
    static <R> double millis(Contender<R> contender, Input input) {
        long started = System.nanoTime();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            contender.run().apply(input);
        }
        return (System.nanoTime() - started) / 1e6;
    }

    /** Runs untimed until the virtual machine is warm; once where a run is long. */
    static <R> void warmUp(Contender<R> contender, Input input) {
        double total = 0;
        while (total < WARM_UP) {
            total += millis(contender, input);
        }
    }

    /** Milliseconds of the runs of one visit: after one that does not count, unless that took long enough itself. */
    static <R> List<Double> visit(Contender<R> contender, Input input) {
        double first = millis(contender, input);
        if (first >= LONG) {
            return List.of(first);
        }
        List<Double> runs = new ArrayList<>();
        double total = 0;
        while (total < VISIT && runs.size() < MOST_RUNS) {
            double millis = millis(contender, input);
            runs.add(millis);
            total += millis;
        }
        return runs;
    }
}
