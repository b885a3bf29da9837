package dev.mien.bench;

import java.util.IdentityHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * The first run of every contender: what memory it takes, and whether the peers agree with mien.
 *
 * @param <R> the result
 */
final class First<R> {

    private final Map<Contender<?>, Long> bytes = new IdentityHashMap<>();

    /** Runs them all; {@link IllegalStateException} if a peer's result is not mien's. */
    First(Contest<R> contest, Input input) {
        System.gc(); // what the Java heap gives back later would be counted as memory not taken
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            R expected = run(contest.mien(), input);
            for (Contender<R> peer : contest.peers()) {
                try (PointerScope inner = new PointerScope()) {
                    contest.check().compare(input, expected, run(peer, input));
                } catch (IllegalStateException e) {
                    throw new IllegalStateException(
                            "%s, n=%d d=%d %s: %s"
                                    .formatted(
                                            peer.name(),
                                            input.workload().n(),
                                            input.workload().d(),
                                            input.workload().distance().word(),
                                            e.getMessage()),
                            e);
                }
            }
        }
    }

    private R run(Contender<R> contender, Input input) {
        Object[] result = new Object[1];
        bytes.put(contender, Memory.peakRise(() -> result[0] = contender.run().apply(input)));
        @SuppressWarnings("unchecked") // the contender's own
        R typed = (R) result[0];
        return typed;
    }

    /** Bytes by which the resident memory rose at most while this contender ran first. */
    long bytes(Contender<?> contender) {
        return bytes.get(contender);
    }
}
