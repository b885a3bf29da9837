package dev.mien.bench;

import dev.mien.bench.Contender.Kind;
import dev.mien.kernels.Distance;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** LibTorch's ways to one positive and the nearest negative per anchor: batch-hard and easy-positive mining. */
final class HardestPeers {

    private final boolean nearestPositive;

    /** Whether the nearest positive is wanted (easy-positive), else the farthest (batch-hard). */
    HardestPeers(boolean nearestPositive) {
        this.nearestPositive = nearestPositive;
    }

    List<Contender<Selection>> of(Workload workload) {
        List<Contender<Selection>> peers = new ArrayList<>();
        boolean product = workload.distance() != Distance.MANHATTAN;
        if (Memory.fits(3 * workload.matrixBytes())) {
            peers.add(new Contender<>("cdist + masks", Kind.MATRIX, in -> masks(cdist(in), in)));
            if (product) {
                peers.add(new Contender<>("addmm + masks", Kind.MATRIX, in -> masks(addmm(in), in)));
            }
            if (!nearestPositive) {
                peers.add(new Contender<>("cdist + offset", Kind.MATRIX, in -> offset(cdist(in), in)));
            }
            if (product && !nearestPositive) {
                peers.add(new Contender<>("addmm + offset", Kind.MATRIX, in -> offset(addmm(in), in)));
            }
        }
        peers.add(new Contender<>(product ? "addmm in blocks" : "cdist in blocks", Kind.BLOCKS, this::blocks));
        return peers;
    }

    private static Tensor cdist(Input in) {
        return Scores.cdist(in.rows(), in.workload().distance());
    }

    private static Tensor addmm(Input in) {
        return new Scores(in.rows(), in.workload().distance()).all();
    }

    private static Tensor same(Input in) {
        return in.labels().unsqueeze(1).eq(in.labels().unsqueeze(0));
    }

    private Selection masks(Tensor matrix, Input in) {
        Tensor same = same(in);
        Tensor negative = matrix.masked_fill(same, Scores.HIGHEST).min(1).get1();
        Scalar excluded = nearestPositive ? Scores.HIGHEST : Scores.LOWEST;
        matrix.masked_fill_(same.logical_not_(), excluded).fill_diagonal_(excluded);
        Tensor positive = (nearestPositive ? matrix.min(1) : matrix.max(1)).get1();
        return Selection.ofAnchors(positive, negative);
    }

    /** Lifts the anchor's class above all others: its farthest row is the maximum, and the minimum is no row of it. */
    private static Selection offset(Tensor matrix, Input in) {
        Tensor lift = matrix.max().sub_(matrix.min()).add_(new Scalar(1.0));
        matrix.add_(same(in), new Scalar(lift.item_double()));
        return Selection.ofAnchors(matrix.max(1).get1(), matrix.min(1).get1());
    }

    private Selection blocks(Input in) {
        Slots slots = Slots.of(in.labels());
        Tensor positive =
                torch.empty(new long[] {slots.rows().size(0)}, in.labels().options(), new MemoryFormatOptional());
        Tensor negative = torch.empty_like(positive);
        Blocks.visit(new Scores(in.rows(), in.workload().distance()), (first, anchors, scores) -> {
            Tensor rows = slots.rows(first, anchors);
            Tensor own = scores.gather(1, rows);
            own.masked_fill_(slots.unfit(first, anchors), nearestPositive ? Scores.HIGHEST : Scores.LOWEST);
            Tensor chosen = (nearestPositive ? own.min(1, true) : own.max(1, true)).get1();
            positive.narrow(0, first, anchors).copy_(rows.gather(1, chosen).squeeze(1));
            scores.scatter_(1, rows, Scores.HIGHEST);
            negative.narrow(0, first, anchors).copy_(scores.min(1).get1());
        });
        return Selection.ofAnchors(positive, negative);
    }
}
