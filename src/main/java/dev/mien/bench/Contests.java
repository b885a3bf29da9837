package dev.mien.bench;

import dev.mien.bench.Contender.Kind;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.MiningStatistics;
import dev.mien.kernels.NativeKernels;
import dev.mien.kernels.NativeMining;
import dev.mien.kernels.Triplets;
import dev.mien.miners.BatchHardMiner;
import dev.mien.miners.DistanceWeightedMiner;
import dev.mien.miners.EasyPositiveMiner;
import dev.mien.miners.Miner;
import dev.mien.miners.NegativeChoice;
import dev.mien.miners.RandomMiner;
import dev.mien.miners.Semantics;
import dev.mien.miners.SemiHardMiner;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The contests of all operations; mien runs its native kernels through the interface that applications use. */
final class Contests {

    private static final long SEED = 1;
    private static final Triplets NONE = new Triplets(new long[0], new long[0], new long[0]);

    private Contests() {}

    static Contest<Selection> batchHard(Workload w, NativeKernels kernels) {
        Miner miner = new BatchHardMiner(w.distance(), w.margin());
        return selecting(kernels, miner, new HardestPeers(false).of(w), SelectionChecks::anchors);
    }

    /** Checked against the mining that uses symmetry. */
    static Contest<Selection> batchHardFull(Workload w, NativeKernels kernels) {
        Contest<Selection> symmetric = batchHard(w, kernels);
        Miner miner = new BatchHardMiner(w.distance(), w.margin());
        Contest<Selection> full = contest(
                in -> {
                    long[] self = LongStream.range(0, w.n()).toArray();
                    Triplets triplets = miner.triplets(batch(in).against(in.rows(), in.labels(), self), 0, kernels);
                    return () -> triplets;
                },
                List.of(symmetric.mien()),
                symmetric.check());
        return full;
    }

    static Contest<Selection> easyPositive(Workload w, NativeKernels kernels) {
        Miner miner = new EasyPositiveMiner(w.distance(), w.margin(), NegativeChoice.HARD);
        return selecting(kernels, miner, new HardestPeers(true).of(w), SelectionChecks::anchors);
    }

    static Contest<Selection> semiHard(Workload w, NativeKernels kernels) {
        Miner miner = new SemiHardMiner(w.distance(), w.margin(), Semantics.FACENET, SEED);
        return selecting(kernels, miner, SemiHardPeers.of(w), SelectionChecks::pairs);
    }

    static Contest<Selection> random(Workload w, NativeKernels kernels) {
        Miner miner = new RandomMiner(w.distance(), w.margin(), SEED);
        return selecting(kernels, miner, DrawnPeers.random(w), SelectionChecks::draws);
    }

    static Contest<Selection> distanceWeighted(Workload w, NativeKernels kernels) {
        Miner miner = new DistanceWeightedMiner(w.distance(), w.margin(), SEED);
        return selecting(kernels, miner, DrawnPeers.distanceWeighted(w), SelectionChecks::draws);
    }

    private static Contest<Selection> selecting(
            NativeKernels kernels, Miner miner, List<Contender<Selection>> peers, Contest.Check<Selection> check) {
        return contest(
                in -> {
                    Triplets triplets = miner.triplets(batch(in), 0, kernels);
                    return () -> triplets;
                },
                peers,
                check);
    }

    static Contest<LossAndGradient> batchAll(Workload w, NativeKernels kernels) {
        NativeMining mining = kernels.mining();
        return contest(
                in -> {
                    Tensor gradient = torch.empty_like(in.rows());
                    NativeMining.BatchAllLoss loss = mining.batchAllLoss(batch(in), w.distance(), w.margin(), gradient);
                    return new LossAndGradient(loss.sum(), loss.active(), gradient);
                },
                BatchAllPeers.of(w),
                FigureChecks::losses);
    }

    static Contest<Statistics> statistics(Workload w, NativeKernels kernels) {
        NativeMining mining = kernels.mining();
        return contest(
                in -> {
                    MiningStatistics s = mining.statistics(batch(in), w.distance(), w.margin(), NONE);
                    return new Statistics(
                            s.easyPairs(),
                            s.semiHardPairs(),
                            s.hardPairs(),
                            s.meanDistance(),
                            s.samePercentiles(),
                            s.differentPercentiles());
                },
                StatisticsPeers.of(w),
                FigureChecks::statistics);
    }

    static Contest<Tensor> distances(Workload w, NativeKernels kernels) {
        boolean addressable = w.matrixBytes() <= Integer.MAX_VALUE; // by one buffer
        Function<Input, Tensor> mien = in -> addressable && !in.onCuda()
                ? kept(kernels, in)
                : kernels.distances(in.rows(), in.others(), w.distance());
        return new Contest<>(
                new Contender<>("mien", Kind.MIEN, mien), DistancesPeers.of(w), FigureChecks::distances, true);
    }

    private static Tensor kept(NativeKernels kernels, Input in) {
        long n = in.workload().n();
        long d = in.workload().d();
        Distance distance = in.workload().distance();
        kernels.distances(buffer(in.rows()), n, buffer(in.others()), n, d, distance, buffer(in.matrix()));
        return in.matrix();
    }

    private static <R> Contest<R> contest(Function<Input, R> mien, List<Contender<R>> peers, Contest.Check<R> check) {
        return new Contest<>(new Contender<>("mien", Kind.MIEN, mien), peers, check, false);
    }

    private static Batch batch(Input in) {
        return Batch.of(in.rows(), in.labels());
    }

    private static FloatBuffer buffer(Tensor tensor) {
        return new FloatPointer(tensor.data_ptr()).capacity(tensor.numel()).asBuffer();
    }
}
