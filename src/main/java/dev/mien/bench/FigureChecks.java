package dev.mien.bench;

import static dev.mien.bench.SelectionChecks.require;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Whether a peer's figures are mien's, up to what float32 explains. */
final class FigureChecks {

    private static final double TOLERANCE = 1e-3;
    private static final double GRADIENT_TOLERANCE = 1e-2; // triplets on the edge of the margin come and go
    private static final double PERCENTILE_TOLERANCE = 2e-2; // each side draws its own pairs

    private FigureChecks() {}

    static void losses(Input input, LossAndGradient mien, LossAndGradient peer) {
        close("loss", peer.sum(), mien.sum(), TOLERANCE * mien.sum());
        close("number of active triplets", peer.active(), mien.active(), TOLERANCE * mien.active() + 5);
        double size = mien.gradient().norm().item_double();
        double error = peer.gradient().sub(mien.gradient()).norm().item_double();
        require(error <= GRADIENT_TOLERANCE * size, "the gradient of length %g is wrong by %g", size, error);
    }

    static void statistics(Input input, Statistics mien, Statistics peer) {
        double slack = TOLERANCE * (mien.easy() + mien.semiHard() + mien.hard());
        close("number of easy triplets", peer.easy(), mien.easy(), slack);
        close("number of semi-hard triplets", peer.semiHard(), mien.semiHard(), slack);
        close("number of hard triplets", peer.hard(), mien.hard(), slack);
        close("mean distance", peer.meanDistance(), mien.meanDistance(), TOLERANCE * mien.meanDistance());
        for (int i = 0; i < mien.same().length; i++) {
            double allowed = PERCENTILE_TOLERANCE * mien.meanDistance();
            close("percentile of a class", peer.same()[i], mien.same()[i], allowed);
            close("percentile between classes", peer.different()[i], mien.different()[i], allowed);
        }
    }

    static void distances(Input input, Tensor mien, Tensor peer) {
        try (PointerScope scope = new PointerScope()) {
            double largest = mien.max().item_double();
            double error = peer.sub(mien).abs_().max().item_double();
            require(error <= TOLERANCE * largest, "a distance of at most %g is wrong by %g", largest, error);
        }
    }

    private static void close(String name, double actual, double expected, double allowed) {
        require(Math.abs(actual - expected) <= allowed, "the %s is %g, not %g", name, actual, expected);
    }
}
