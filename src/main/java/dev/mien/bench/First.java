package dev.mien.bench;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * The first run of every contender: what memory it takes, and whether the peers agree with mien.
 *
 * @param <R> the result
 */
final class First<R> {

    private static final long UNKNOWN = -1;

    private final Map<Contender<?>, Long> bytes = new IdentityHashMap<>();
    private final List<Contender<R>> peers = new ArrayList<>();

    /** Runs them all; {@link IllegalStateException} if a peer's result is not mien's. */
    First(Contest<R> contest, Input input) {
        System.gc(); // what the Java heap gives back later would be counted as memory not taken
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            R expected = run(contest.mien(), input);
            for (Contender<R> peer : contest.peers()) {
                try (PointerScope inner = new PointerScope()) {
                    contest.check().compare(input, expected, run(peer, input));
                    peers.add(peer);
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
                } catch (RuntimeException e) { // LibTorch's, which has no type of its own
                    if (!input.onCuda() || !String.valueOf(e.getMessage()).contains("out of memory")) {
                        throw e;
                    }
                }
            }
        }
    }

    private R run(Contender<R> contender, Input input) {
        Object[] result = new Object[1];
        Runnable run = () -> result[0] = contender.run().apply(input);
        if (input.onCuda()) {
            run.run();
            bytes.put(contender, UNKNOWN); // the resident memory says nothing of the device's
        } else {
            bytes.put(contender, Memory.peakRise(run));
        }
        @SuppressWarnings("unchecked") // the contender's own
        R typed = (R) result[0];
        return typed;
    }

    /** The peers of a kind; on a CUDA device those whose memory it has. */
    List<Contender<R>> peers(Contender.Kind kind) {
        return peers.stream().filter(peer -> peer.kind() == kind).toList();
    }

    /** Bytes by which the resident memory rose at most while this contender ran first; -1 on a CUDA device. */
    long bytes(Contender<?> contender) {
        return bytes.get(contender);
    }
}
