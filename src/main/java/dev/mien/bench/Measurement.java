package dev.mien.bench;

import dev.mien.bench.Contender.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One operation on one workload: mien, the best of each kind of LibTorch code, a bare matrix product and the rate of
 * multiply-adds, measured in turns.
 *
 * @param threads of each
 * @param mienBytes by which the resident memory rose at most during mien's first run; -1 on a CUDA device
 * @param peers the best of each kind that fits into memory
 * @param sgemm the same product X X^T into kept memory; null where that does not fit
 * @param peakGflops multiply-adds in registers, 2 per multiply-add: the median over the turns; NaN on a CUDA device
 */
public record Measurement(
        Operation operation,
        Workload workload,
        int threads,
        Timing mien,
        long mienBytes,
        List<Peer> peers,
        Timing sgemm,
        double peakGflops) {

    /**
     * A peer.
     *
     * @param name with its threads, such as {@code cdist + masks, blas 2}
     * @param bytes by which the resident memory rose at most during its first run; -1 on a CUDA device
     */
    public record Peer(String name, Kind kind, Timing timing, long bytes) {}

    /** The peer of a kind. */
    public Optional<Peer> peer(Kind kind) {
        return peers.stream().filter(peer -> peer.kind() == kind).findFirst();
    }

    /** The fastest peer. */
    public Optional<Peer> fastest() {
        return peers.stream()
                .min(Comparator.comparingDouble(peer -> peer.timing().median()));
    }

    /** How many times mien's median goes into a peer's. */
    public double ratio(Peer peer) {
        return peer.timing().median() / mien.median();
    }

    /** 2 n n d over mien's median time, as if nothing were saved by symmetry: GFLOP/s. */
    public double gflops() {
        return gflops(mien.median());
    }

    /** 2 n n d over a time in milliseconds, GFLOP/s. */
    public double gflops(double millis) {
        return 2 * workload.multiplyAdds() / millis * 1e-6;
    }

    /** {@link #gflops()} as a share of the peak, 0..1; beyond 1 only by symmetry. */
    public double share() {
        return gflops() / peakGflops;
    }
}
