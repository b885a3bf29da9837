package dev.mien.bench;

import dev.mien.bench.Contender.Kind;
import dev.mien.kernels.Distance;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * LibTorch's ways to the batch-all loss with its gradient. All find, without gradients, how often each distance counts
 * (weights, positive for a positive, negative for a negative) and multiply that through.
 */
final class BatchAllPeers {

    private static final long LARGEST_CUBE = 1L << 25; // float32 values, 128 MB; autograd keeps several

    /** Weights (a, n) of the distances (a, n) of some anchors, and what they amount to. */
    private record Weighed(Tensor weights, double sum, long active) {}

    /** Weighs distances (a, n), those of the anchor's class at infinity, against the limits dp + margin (a, k). */
    @FunctionalInterface
    private interface Weigher {
        Weighed weigh(Tensor distances, Tensor limits, Tensor rows);
    }

    private BatchAllPeers() {}

    static List<Contender<LossAndGradient>> of(Workload workload) {
        List<Contender<LossAndGradient>> peers = new ArrayList<>();
        long n = workload.n();
        if (Memory.fits(8 * workload.matrixBytes())) {
            peers.add(new Contender<>("cdist + sort + cumsum", Kind.MATRIX, in -> whole(in, BatchAllPeers::bySorting)));
            peers.add(
                    new Contender<>("cdist + mask per positive", Kind.MATRIX, in -> whole(in, BatchAllPeers::byMasks)));
            peers.add(new Contender<>(
                    (workload.distance() == Distance.MANHATTAN ? "cdist" : "addmm") + " in blocks, masks",
                    Kind.BLOCKS,
                    BatchAllPeers::blocks));
        }
        if (n * n * n <= LARGEST_CUBE) {
            peers.add(new Contender<>("cdist + cube, autograd", Kind.MATRIX, BatchAllPeers::cube));
        }
        return peers;
    }

    private static LossAndGradient whole(Input in, Weigher weigher) {
        Workload workload = in.workload();
        Slots slots = Slots.of(in.labels());
        Tensor distances = Scores.distances(in.rows(), workload.distance());
        Tensor limits = limits(distances, slots, 0, workload.n(), workload.margin());
        Weighed weighed = weigher.weigh(distances.scatter(1, slots.rows(), Scores.HIGHEST), limits, slots.rows());
        return new LossAndGradient(weighed.sum(), weighed.active(), gradient(in, distances, weighed.weights()));
    }

    private static LossAndGradient blocks(Input in) {
        Workload workload = in.workload();
        Slots slots = Slots.of(in.labels());
        Scores scores = new Scores(in.rows(), workload.distance());
        Tensor weights = scores.room(workload.n());
        Tensor distances = torch.empty_like(weights);
        double[] sums = new double[2];
        Blocks.visit(scores, (first, anchors, block) -> {
            Tensor some = scores.toDistances(block, first, anchors);
            distances.narrow(0, first, anchors).copy_(some);
            Tensor limits = limits(some, slots, first, anchors, workload.margin());
            Tensor rows = slots.rows(first, anchors);
            Weighed weighed = byMasks(some.scatter_(1, rows, Scores.HIGHEST), limits, rows);
            weights.narrow(0, first, anchors).copy_(weighed.weights());
            sums[0] += weighed.sum();
            sums[1] += weighed.active();
        });
        return new LossAndGradient(sums[0], (long) sums[1], gradient(in, distances, weights));
    }

    /** dp + margin (a, k) of the anchors from {@code first} on; minus infinity where there is no such positive. */
    private static Tensor limits(Tensor distances, Slots slots, long first, long anchors, double margin) {
        return distances
                .gather(1, slots.rows(first, anchors))
                .add_(new Scalar(margin))
                .masked_fill_(slots.unfit(first, anchors), Scores.LOWEST);
    }

    private static Weighed byMasks(Tensor distances, Tensor limits, Tensor rows) {
        Tensor nearer = distances.lt(Scores.LOWEST).view(ScalarType.Byte); // zeros
        Tensor counts = torch.empty_like(limits);
        for (long slot = 0; slot < limits.size(1); slot++) {
            try (PointerScope scope = new PointerScope()) {
                Tensor inside = distances.lt(limits.narrow(1, slot, 1));
                nearer.add_(inside.view(ScalarType.Byte));
                counts.select(1, slot).copy_(inside.sum(1));
            }
        }
        Tensor weights = nearer.to(ScalarType.Float).neg_();
        // An infinite distance counts zero times, and zero times infinity is no number.
        double sum = total(limits.masked_fill(counts.eq(new Scalar(0)), new Scalar(0.0))
                        .mul_(counts))
                + total(weights.mul(distances.masked_fill(nearer.eq(new Scalar(0)), new Scalar(0.0))));
        long active = (long) total(counts);
        return new Weighed(weights.scatter_add_(1, rows, counts), sum, active);
    }

    private static Weighed bySorting(Tensor distances, Tensor limits, Tensor rows) {
        T_TensorTensor_T sorted = distances.sort(1, false);
        Tensor counts =
                torch.searchsorted(sorted.get0(), limits, false, false, new StringViewOptional(), new TensorOptional());
        Tensor ends = torch.zeros_like(distances)
                .scatter_add_(
                        1,
                        counts.sub(new Scalar(1)).clamp_min_(new Scalar(0)),
                        counts.gt(new Scalar(0)).to(ScalarType.Float));
        Tensor nearer = ends.flip(1).cumsum(1).flip(1); // of the r-th nearest: positives that reach as far
        Tensor finite = sorted.get0().masked_fill(nearer.eq(new Scalar(0)), new Scalar(0.0));
        Tensor weights = torch.empty_like(distances).scatter_(1, sorted.get1(), nearer.neg());
        Tensor reached = counts.to(ScalarType.Float);
        double sum = total(limits.masked_fill(counts.eq(new Scalar(0)), new Scalar(0.0))
                        .mul_(reached))
                - total(nearer.mul(finite));
        return new Weighed(weights.scatter_add_(1, rows, reached), sum, (long) total(counts));
    }

    private static double total(Tensor values) {
        return values.sum(new ScalarTypeOptional(ScalarType.Double)).item_double();
    }

    /** The gradient of sum weights * distances; distances and weights are overwritten. */
    private static Tensor gradient(Input in, Tensor distances, Tensor weights) {
        Distance distance = in.workload().distance();
        if (distance == Distance.MANHATTAN) {
            return throughCdist(in, weights);
        }
        if (distance == Distance.EUCLIDEAN) {
            weights.div_(distances.masked_fill_(distances.eq(new Scalar(0.0)), Scores.HIGHEST));
        }
        Tensor both = weights.add(weights.t());
        if (distance == Distance.COSINE) {
            Tensor unit = Scores.unit(in.rows());
            Tensor slope = both.mm(unit).neg_();
            Tensor along = slope.mul(unit).sum(new long[] {1}, true, new ScalarTypeOptional());
            return slope.sub_(unit.mul(along)).div_(Scores.lengths(in.rows()));
        }
        Tensor pull = both.sum(new long[] {1}, true, new ScalarTypeOptional()).mul(in.rows());
        Tensor gradient = pull.sub_(both.mm(in.rows()));
        return distance == Distance.EUCLIDEAN ? gradient : gradient.mul_(new Scalar(2.0));
    }

    private static Tensor throughCdist(Input in, Tensor weights) {
        try (AutoGradMode recording = new AutoGradMode(true)) {
            Tensor rows = in.rows().detach().requires_grad_(true);
            Scores.cdist(rows, Distance.MANHATTAN)
                    .backward(weights, new BoolOptional(), false, new TensorArrayRefOptional());
            return rows.grad();
        }
    }

    private static LossAndGradient cube(Input in) {
        Workload workload = in.workload();
        try (AutoGradMode recording = new AutoGradMode(true)) {
            Tensor rows = in.rows().detach().requires_grad_(true);
            Tensor compared = workload.distance() == Distance.COSINE ? Scores.unit(rows) : rows;
            Tensor matrix = new Differentiable(workload.distance()).distances(compared);
            Tensor same = in.labels().unsqueeze(1).eq(in.labels().unsqueeze(0));
            Tensor positives = same.clone().fill_diagonal_(new Scalar(0));
            Tensor triplets =
                    positives.unsqueeze(2).logical_and(same.logical_not().unsqueeze(1));
            Tensor cost = matrix.unsqueeze(2)
                    .sub(matrix.unsqueeze(1))
                    .add(new Scalar(workload.margin()))
                    .masked_fill(triplets.logical_not(), new Scalar(0.0))
                    .clamp_min(new Scalar(0.0));
            cost.sum().backward();
            return new LossAndGradient(
                    total(cost.detach()),
                    cost.detach()
                            .count_nonzero(new org.bytedeco.pytorch.LongOptional())
                            .item_long(),
                    rows.grad());
        }
    }

    /** Distances that autograd goes through; at 0 the Euclidean one has the gradient 0. */
    private record Differentiable(Distance distance) {
        Tensor distances(Tensor rows) {
            Tensor matrix = Scores.cdist(rows, distance == Distance.MANHATTAN ? distance : Distance.EUCLIDEAN);
            return switch (distance) {
                case EUCLIDEAN, MANHATTAN -> matrix;
                case SQUARED_EUCLIDEAN -> matrix.square();
                case COSINE -> matrix.square().mul(new Scalar(0.5));
            };
        }
    }
}
