package dev.mien.bench;

import java.util.List;

/**
 * An operation with mien's way and LibTorch's ways to compute it.
 *
 * @param peers those whose memory this machine has
 * @param check refuses a peer whose result is not mien's
 * @param pair whether the input needs {@link Input#others()}
 * @param <R> the result
 */
public record Contest<R>(Contender<R> mien, List<Contender<R>> peers, Check<R> check, boolean pair) {

    /** Compares results. */
    @FunctionalInterface
    public interface Check<R> {
        /** Throws {@link IllegalStateException}, saying where, if the two disagree by more than float32 explains. */
        void compare(Input input, R mien, R peer);
    }

    /** The peers of a kind. */
    public List<Contender<R>> peers(Contender.Kind kind) {
        return peers.stream().filter(peer -> peer.kind() == kind).toList();
    }
}
