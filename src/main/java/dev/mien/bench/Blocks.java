package dev.mien.bench;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Visits anchors a block at a time, in one kept buffer: a fresh n x n matrix costs more in page faults than in sums. */
final class Blocks {

    /** Anchors of a block: measured best of 64, 128, 256 and 512 at n=4096. */
    private static final long ANCHORS = 512;

    private Blocks() {}

    /** Hears of a block's scores (anchors, n); tensors that it makes live until it returns. */
    @FunctionalInterface
    interface Visitor {
        void at(long first, long anchors, Tensor scores);
    }

    static void visit(Scores scores, Visitor visitor) {
        long n = scores.size();
        Tensor buffer = scores.room(Math.min(ANCHORS, n));
        for (long first = 0; first < n; first += ANCHORS) {
            try (PointerScope block = new PointerScope()) {
                long anchors = Math.min(ANCHORS, n - first);
                visitor.at(first, anchors, scores.of(first, anchors, buffer.narrow(0, 0, anchors)));
            }
        }
    }
}
