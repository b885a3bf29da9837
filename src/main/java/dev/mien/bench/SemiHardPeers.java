package dev.mien.bench;

import dev.mien.bench.Contender.Kind;
import dev.mien.kernels.Distance;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** LibTorch's ways to FaceNet's semi-hard negatives: for each pair the nearest negative with dp < dn < dp + margin. */
final class SemiHardPeers {

    /** Values of one broadcast cube, 8 MB. */
    private static final long CUBE = 1 << 21;

    /** Negatives just beyond each of the scores: their scores (a, k) and rows (a, k). */
    private record Found(Tensor scores, Tensor rows) {}

    /** Finds, among scores (a, n) without those of the anchor's class, the least above each of the scores own (a, k). */
    @FunctionalInterface
    private interface Search {
        Found above(Tensor scores, Tensor own);
    }

    private SemiHardPeers() {}

    static List<Contender<Selection>> of(Workload workload) {
        List<Contender<Selection>> peers = new ArrayList<>();
        String form = workload.distance() == Distance.MANHATTAN ? "cdist" : "addmm";
        if (Memory.fits(8 * workload.matrixBytes())) {
            peers.add(whole(form + " + sort", SemiHardPeers::bySorting));
            peers.add(whole(form + " + mask per positive", SemiHardPeers::byMasks));
            peers.add(whole(form + " + buckets", SemiHardPeers::byBuckets));
        }
        peers.add(blocks(form + " in blocks, masks", SemiHardPeers::byMasks));
        peers.add(blocks(form + " in blocks, broadcast", SemiHardPeers::byBroadcast));
        peers.add(blocks(form + " in blocks, buckets", SemiHardPeers::byBuckets));
        return peers;
    }

    private static Contender<Selection> whole(String name, Search search) {
        return new Contender<>(name, Kind.MATRIX, in -> {
            Collector found = new Collector(in, search);
            found.at(0, in.workload().n(), found.scores.all());
            return found.triplets.selection();
        });
    }

    private static Contender<Selection> blocks(String name, Search search) {
        return new Contender<>(name, Kind.BLOCKS, in -> {
            Collector found = new Collector(in, search);
            Blocks.visit(found.scores, found);
            return found.triplets.selection();
        });
    }

    /** Runs a search for every anchor and keeps the pairs whose negative lies inside the margin. */
    private static final class Collector implements Blocks.Visitor {
        private final Slots slots;
        private final Scores scores;
        private final Search search;
        private final Scalar margin;
        private final TripletParts triplets = new TripletParts();

        Collector(Input in, Search search) {
            this.slots = Slots.of(in.labels());
            this.scores = new Scores(in.rows(), in.workload().distance());
            this.search = search;
            this.margin = new Scalar(in.workload().margin());
        }

        @Override
        public void at(long first, long anchors, Tensor block) {
            Tensor rows = slots.rows(first, anchors);
            Tensor own = block.gather(1, rows).masked_fill_(slots.unfit(first, anchors), Scores.HIGHEST);
            block.scatter_(1, rows, Scores.HIGHEST);
            Found found = search.above(block, own);
            Tensor limit = scores.toDistances(own, first, anchors).add_(margin);
            Tensor inside = scores.toDistances(found.scores(), first, anchors).lt(limit);
            triplets.add(
                    inside.nonzero().select(1, 0).add(new Scalar(first)),
                    rows.masked_select(inside),
                    found.rows().masked_select(inside));
        }
    }

    private static Found bySorting(Tensor scores, Tensor own) {
        T_TensorTensor_T sorted = scores.sort(1, false);
        Tensor at = torch.searchsorted(sorted.get0(), own, false, true, new StringViewOptional(), new TensorOptional());
        at.clamp_max_(new Scalar(scores.size(1) - 1)); // beyond the last there are the anchor's class, at infinity
        return new Found(sorted.get0().gather(1, at), sorted.get1().gather(1, at));
    }

    private static Found byMasks(Tensor scores, Tensor own) {
        long k = own.size(1);
        TensorVector values = new TensorVector(k);
        TensorVector rows = new TensorVector(k);
        for (long slot = 0; slot < k; slot++) {
            try (PointerScope scope = new PointerScope()) {
                Tensor above = scores.gt(own.narrow(1, slot, 1));
                T_TensorTensor_T least =
                        torch.where(above, scores, Scores.HIGHEST).min(1);
                values.put(slot, least.get0());
                rows.put(slot, least.get1());
            }
        }
        return new Found(torch.stack(values, 1), torch.stack(rows, 1));
    }

    private static Found byBroadcast(Tensor scores, Tensor own) {
        long anchors = scores.size(0);
        long step = Math.max(1, CUBE / (scores.size(1) * own.size(1)));
        Tensor values = torch.empty_like(own);
        Tensor rows = torch.empty_like(own).to(ScalarType.Long);
        for (long first = 0; first < anchors; first += step) {
            try (PointerScope scope = new PointerScope()) {
                long some = Math.min(step, anchors - first);
                Tensor cube = scores.narrow(0, first, some).unsqueeze(1);
                Tensor above = cube.gt(own.narrow(0, first, some).unsqueeze(2));
                T_TensorTensor_T least =
                        torch.where(above, cube, Scores.HIGHEST).min(2);
                values.narrow(0, first, some).copy_(least.get0());
                rows.narrow(0, first, some).copy_(least.get1());
            }
        }
        return new Found(values, rows);
    }

    /**
     * Counts for every score how many of the k own ones lie below it: one pass of comparisons each, and searchsorted is
     * slower. The least score of each of the k + 1 counts, found by one scatter, then answers all k questions.
     */
    private static Found byBuckets(Tensor scores, Tensor own) {
        long k = own.size(1);
        T_TensorTensor_T ascending = own.sort(1, false);
        Tensor bucket = below(scores, ascending.get0());
        Tensor least = torch.empty(new long[] {own.size(0), k + 1}, own.options(), new MemoryFormatOptional())
                .fill_(Scores.HIGHEST)
                .scatter_reduce(1, bucket, scores, "amin", true);
        Tensor places = scores.eq(least.gather(1, bucket)).nonzero();
        Tensor anchor = places.select(1, 0);
        Tensor row = places.select(1, 1);
        Tensor flat = anchor.mul(new Scalar(k + 1))
                .add_(bucket.flatten()
                        .index_select(0, anchor.mul(new Scalar(scores.size(1))).add_(row)));
        Tensor rows = torch.zeros_like(least).to(ScalarType.Long);
        rows.view(-1).scatter_(0, flat, row);
        T_TensorTensor_T onwards = least.flip(1).cummin(1); // the least of a bucket and all later ones
        Tensor from = onwards.get1().neg().add_(new Scalar(k)).flip(1).narrow(1, 1, k);
        Tensor values = onwards.get0().flip(1).narrow(1, 1, k);
        Tensor original = ascending.get1();
        return new Found(
                torch.empty_like(own).scatter_(1, original, values),
                torch.zeros_like(from).scatter_(1, original, rows.gather(1, from)));
    }

    private static Tensor below(Tensor scores, Tensor own) {
        Tensor count = scores.lt(Scores.LOWEST).view(ScalarType.Byte); // zeros
        for (long slot = 0; slot < own.size(1); slot++) {
            try (PointerScope scope = new PointerScope()) {
                count.add_(scores.gt(own.narrow(1, slot, 1)).view(ScalarType.Byte));
            }
        }
        return count.to(ScalarType.Long);
    }
}
