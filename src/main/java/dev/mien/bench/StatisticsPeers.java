package dev.mien.bench;

import dev.mien.bench.Contender.Kind;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** LibTorch's ways to mining statistics, but for the count of duplicate rows. */
final class StatisticsPeers {

    /** Pairs of different classes that percentiles are taken from, about. */
    private static final long SAMPLE = 1 << 20;

    private static final double[] PERCENTILES = {0.05, 0.25, 0.5, 0.75, 0.95};

    private StatisticsPeers() {}

    static List<Contender<Statistics>> of(Workload workload) {
        List<Contender<Statistics>> peers = new ArrayList<>();
        if (Memory.fits(4 * workload.matrixBytes())) {
            peers.add(new Contender<>("addmm + masks", Kind.MATRIX, in -> {
                Tally tally = new Tally(in);
                tally.at(0, in.workload().n(), tally.scores.all());
                return tally.statistics();
            }));
        }
        peers.add(new Contender<>("addmm + masks in blocks", Kind.BLOCKS, in -> {
            Tally tally = new Tally(in);
            Blocks.visit(tally.scores, tally);
            return tally.statistics();
        }));
        return peers;
    }

    private static final class Tally implements Blocks.Visitor {
        private final PointerScope scope = PointerScope.getInnerScope();
        private final Slots slots;
        private final Scores scores;
        private final Scalar margin;
        private final long n;
        private final long columns;
        private final List<Tensor> same = new ArrayList<>();
        private final List<Tensor> different = new ArrayList<>();
        private double sum;
        private long triplets;
        private long active;
        private long hard;

        Tally(Input in) {
            this.slots = Slots.of(in.labels());
            this.scores = new Scores(in.rows(), in.workload().distance());
            this.margin = new Scalar(in.workload().margin());
            this.n = in.workload().n();
            this.columns = Math.min(n, Math.max(1, SAMPLE / n));
        }

        @Override
        public void at(long first, long anchors, Tensor block) {
            Tensor rows = slots.rows(first, anchors);
            Tensor unfit = slots.unfit(first, anchors);
            Tensor distances = scores.toDistances(block, first, anchors);
            Tensor own = distances.gather(1, rows);
            distances.narrow(1, first, anchors).fill_diagonal_(new Scalar(0.0));
            sum += distances.sum(new ScalarTypeOptional(ScalarType.Double)).item_double();
            same.add(TripletParts.keep(scope, own.masked_select(unfit.logical_not())));
            distances.scatter_(1, rows, Scores.HIGHEST);
            Tensor sample = columns == n
                    ? distances
                    : distances.index_select(1, torch.randint(n, new long[] {columns}, rows.options()));
            different.add(TripletParts.keep(scope, sample.masked_select(torch.isfinite(sample))));
            own.masked_fill_(unfit, Scores.LOWEST);
            count(distances, own);
            Tensor others = slots.count().narrow(0, first, anchors).neg().add_(new Scalar(n));
            triplets += others.mul_(unfit.logical_not().sum(1)).sum().item_long();
        }

        private void count(Tensor distances, Tensor own) {
            for (long slot = 0; slot < own.size(1); slot++) {
                try (PointerScope scope = new PointerScope()) {
                    Tensor dp = own.narrow(1, slot, 1);
                    hard += distances.le(dp).sum().item_long();
                    active += distances.lt(dp.add(margin)).sum().item_long();
                }
            }
        }

        Statistics statistics() {
            double mean = sum / n / (n - 1);
            return new Statistics(
                    triplets - active, active - hard, hard, mean, percentiles(same), percentiles(different));
        }

        /** By sorting: LibTorch's quantile refuses more than 2^24 values. */
        private static double[] percentiles(List<Tensor> parts) {
            Tensor sorted = TripletParts.join(parts).sort(0, false).get0();
            double[] values = new double[PERCENTILES.length];
            for (int i = 0; i < values.length; i++) {
                long at = Math.round(PERCENTILES[i] * (sorted.size(0) - 1));
                values[i] = sorted.select(0, at).item_double();
            }
            return values;
        }
    }
}
