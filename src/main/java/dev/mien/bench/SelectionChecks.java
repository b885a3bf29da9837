package dev.mien.bench;

import dev.mien.kernels.Triplets;

/** Whether a peer selected what mien did, except where its float32 distances cannot tell rows apart. */
final class SelectionChecks {

    /** Relative; LibTorch's product form loses this much between near rows. */
    private static final double TOLERANCE = 1e-3;

    /** Relative, of the mean of many draws; of t draws the mean strays by less than 1 / sqrt(t) more. */
    private static final double DRAWN_TOLERANCE = 0.02;

    private SelectionChecks() {}

    /** One triplet per anchor: the same rows, or rows as far away. */
    static void anchors(Input input, Selection mien, Selection peer) {
        Triplets a = mien.triplets();
        Triplets b = peer.triplets();
        require(a.size() == b.size(), "%d triplets, not %d", b.size(), a.size());
        OracleDistances exact = new OracleDistances(input);
        for (int i = 0; i < a.size(); i++) {
            long anchor = a.anchor()[i];
            require(
                    exact.agree(anchor, a.positive()[i], b.positive()[i], TOLERANCE)
                            && exact.agree(anchor, a.negative()[i], b.negative()[i], TOLERANCE),
                    "anchor %d has (%d, %d), not (%d, %d)",
                    anchor,
                    b.positive()[i],
                    b.negative()[i],
                    a.positive()[i],
                    a.negative()[i]);
        }
    }

    /** One triplet per pair at most: the same negatives, but where a distance lies on the edge of the window. */
    static void pairs(Input input, Selection mien, Selection peer) {
        Triplets a = mien.triplets();
        Triplets b = peer.triplets();
        Window window = new Window(new OracleDistances(input), input.workload().margin());
        int i = 0;
        int j = 0;
        while (i < a.size() || j < b.size()) {
            int order = j == b.size() ? -1 : i == a.size() ? 1 : comparePairs(a, i, b, j);
            boolean alike =
                    order == 0 && window.exact.agree(a.anchor()[i], a.negative()[i], b.negative()[j], TOLERANCE);
            if (!alike && order <= 0) {
                window.requireOnEdge(a, i);
            } else if (!alike) {
                window.requireOnEdge(b, j);
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
    }

    private static int comparePairs(Triplets a, int i, Triplets b, int j) {
        int anchors = Long.compare(a.anchor()[i], b.anchor()[j]);
        return anchors != 0 ? anchors : Long.compare(a.positive()[i], b.positive()[j]);
    }

    /** The window dp < dn < dp + margin. */
    private record Window(OracleDistances exact, double margin) {
        void requireOnEdge(Triplets triplets, int i) {
            double dp = exact.of(triplets.anchor()[i], triplets.positive()[i]);
            double dn = exact.of(triplets.anchor()[i], triplets.negative()[i]);
            double slack = 2 * TOLERANCE * (dp + margin);
            require(
                    Math.abs(dn - dp) <= slack || Math.abs(dn - dp - margin) <= slack,
                    "the negative of pair (%d, %d) differs, %d is well inside the window",
                    triplets.anchor()[i],
                    triplets.positive()[i],
                    triplets.negative()[i]);
        }
    }

    /** Drawn triplets: as many, of the right classes, their negatives as far away on average. */
    static void draws(Input input, Selection mien, Selection peer) {
        Triplets a = mien.triplets();
        Triplets b = peer.triplets();
        require(a.size() == b.size(), "%d triplets, not %d", b.size(), a.size());
        long[] labels = new long[input.workload().n()];
        input.labels().cpu().data_ptr_long().get(labels);
        for (int i = 0; i < b.size(); i++) {
            long label = labels[(int) b.anchor()[i]];
            require(
                    b.anchor()[i] != b.positive()[i]
                            && labels[(int) b.positive()[i]] == label
                            && labels[(int) b.negative()[i]] != label,
                    "(%d, %d, %d) is no triplet",
                    b.anchor()[i],
                    b.positive()[i],
                    b.negative()[i]);
        }
        OracleDistances exact = new OracleDistances(input);
        double expected = exact.meanNegative(a);
        double mean = exact.meanNegative(b);
        require(
                Math.abs(mean - expected) <= (DRAWN_TOLERANCE + 1 / Math.sqrt(a.size())) * expected,
                "negatives are at %g on average, not %g",
                mean,
                expected);
    }

    static void require(boolean condition, String message, Object... values) {
        if (!condition) {
            throw new IllegalStateException("the peer is wrong: " + message.formatted(values));
        }
    }
}
