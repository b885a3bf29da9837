package dev.mien.bench;

import dev.mien.bench.Contender.Kind;
import dev.mien.kernels.Distance;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** LibTorch's ways to drawn triplets: random and distance-weighted mining. */
final class DrawnPeers {

    private static final double LEAST_DISTANCE = 0.5;
    private static final double FARTHEST = 1.4;

    private DrawnPeers() {}

    static List<Contender<Selection>> random(Workload workload) {
        List<Contender<Selection>> peers = new ArrayList<>();
        if (Memory.fits(3 * workload.matrixBytes())) {
            peers.add(new Contender<>("masks + multinomial", Kind.MATRIX, DrawnPeers::byMasks));
        }
        peers.add(new Contender<>("sorted labels + rand", Kind.BLOCKS, DrawnPeers::bySlots));
        return peers;
    }

    private static Selection byMasks(Input in) {
        Tensor same = in.labels().unsqueeze(1).eq(in.labels().unsqueeze(0));
        Tensor weights = same.to(ScalarType.Float).fill_diagonal_(new Scalar(0.0));
        Tensor positive = draw(weights, 1).squeeze(1);
        Tensor negative =
                draw(weights.copy_(same).neg_().add_(new Scalar(1.0)), 1).squeeze(1);
        return Selection.ofAnchors(positive, negative);
    }

    private static Tensor draw(Tensor weights, long count) {
        return torch.multinomial(weights, count, true, new GeneratorOptional());
    }

    /** O(n): a number below the count, moved past the row itself and past its class. */
    private static Selection bySlots(Input in) {
        long n = in.workload().n();
        Slots slots = Slots.of(in.labels());
        Tensor place = torch.empty_like(slots.order());
        place.scatter_(
                0, slots.order(), torch.arange(new Scalar(n), slots.order().options()));
        Tensor positive = below(slots.count().sub(new Scalar(1))).add_(slots.first());
        positive.add_(positive.ge(place));
        Tensor negative = below(slots.count().neg().add_(new Scalar(n)));
        negative.add_(slots.count().mul(negative.ge(slots.first())));
        return Selection.ofAnchors(
                slots.order().index_select(0, positive), slots.order().index_select(0, negative));
    }

    private static Tensor below(Tensor count) {
        return torch.rand_like(count.to(ScalarType.Float))
                .to(ScalarType.Double)
                .mul_(count)
                .floor_()
                .to(ScalarType.Long);
    }

    static List<Contender<Selection>> distanceWeighted(Workload workload) {
        List<Contender<Selection>> peers = new ArrayList<>();
        if (Memory.fits(4 * workload.matrixBytes())) {
            peers.add(new Contender<>("mm + multinomial", Kind.MATRIX, in -> {
                Weighted weighted = new Weighted(in);
                weighted.at(0, in.workload().n(), weighted.scores.all());
                return weighted.triplets.selection();
            }));
        }
        peers.add(new Contender<>("mm + multinomial in blocks", Kind.BLOCKS, in -> {
            Weighted weighted = new Weighted(in);
            Blocks.visit(weighted.scores, weighted);
            return weighted.triplets.selection();
        }));
        return peers;
    }

    /** Draws every pair's negative by the inverse density of distances on the sphere. */
    private static final class Weighted implements Blocks.Visitor {
        private final Slots slots;
        private final Scores scores;
        private final double dimensions;
        private final TripletParts triplets = new TripletParts();

        Weighted(Input in) {
            this.slots = Slots.of(in.labels());
            this.scores = new Scores(in.rows(), Distance.COSINE);
            this.dimensions = in.workload().d();
        }

        @Override
        public void at(long first, long anchors, Tensor block) {
            Tensor rows = slots.rows(first, anchors);
            Tensor fit = slots.unfit(first, anchors).logical_not();
            Tensor drawn = draw(weights(block, rows), slots.width());
            triplets.add(
                    fit.nonzero().select(1, 0).add(new Scalar(first)),
                    rows.masked_select(fit),
                    drawn.masked_select(fit));
        }

        /** Weights from minus the cosines; the half squares of distances 1 - cos are s, so log t = log(2 s) / 2. */
        private Tensor weights(Tensor block, Tensor rows) {
            Tensor squares = block.add_(new Scalar(1.0)).mul_(new Scalar(2.0));
            Tensor far = squares.ge(new Scalar(FARTHEST * FARTHEST));
            squares.clamp_min_(new Scalar(LEAST_DISTANCE * LEAST_DISTANCE)).clamp_max_(new Scalar(4 - 1e-6));
            Tensor inverse = squares.mul(new Scalar(-0.25)).log1p_().mul_(new Scalar(-(dimensions - 3) / 2));
            Tensor logs = squares.log_().mul_(new Scalar((2 - dimensions) / 2)).add_(inverse);
            logs.masked_fill_(far, Scores.LOWEST).scatter_(1, rows, Scores.LOWEST);
            Tensor highest = logs.amax(new long[] {1}, true);
            Tensor none = highest.eq(Scores.LOWEST); // every negative is far: all have the same weight
            logs.sub_(highest.masked_fill_(none, new Scalar(0.0))).exp_();
            return logs.add_(none).scatter_(1, rows, new Scalar(0.0));
        }
    }
}
