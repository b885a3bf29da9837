package dev.mien.bench;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A contender with the split of threads that suits it.
 *
 * @param <R> the result
 */
public record Choice<R>(Contender<R> contender, ThreadSplit split) {

    /** A run longer than this, in milliseconds, is not repeated with every split. */
    private static final double LONG = 3000;

    /** A first run slower than the best so far by this factor ends a try. */
    private static final double HOPELESS = 2;

    /** The fastest of all contenders at their best split; nothing when there is no contender. */
    public static <R> Optional<Choice<R>> fastest(List<Contender<R>> contenders, Input input, int threads) {
        Choice<R> best = null;
        double least = Double.POSITIVE_INFINITY;
        for (Contender<R> contender : contenders) {
            for (ThreadSplit split : input.onCuda() ? List.of(ThreadSplit.TORCH) : ThreadSplit.of(threads)) {
                split.apply(threads);
                double millis = tried(contender, input, least);
                if (millis < least) {
                    least = millis;
                    best = new Choice<>(contender, split);
                }
                if (millis > LONG) {
                    break;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private static <R> double tried(Contender<R> contender, Input input, double least) {
        double first = Stopwatch.millis(contender, input);
        if (first > LONG || first > HOPELESS * least) {
            return first;
        }
        return Math.min(first, Collections.min(Stopwatch.visit(contender, input)));
    }

    /** Such as {@code cdist + masks, blas 2}. */
    public String describe(int threads) {
        return contender.name() + ", " + split.describe(threads);
    }
}
