package dev.mien.miners;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Batch;
import dev.mien.kernels.CudaOnHost;
import dev.mien.kernels.CudaPrecision;
import dev.mien.kernels.Distance;
import dev.mien.kernels.MiningResult;
import dev.mien.kernels.MiningStatistics;
import dev.mien.kernels.NativeKernels;
import dev.mien.kernels.NativeMining;
import dev.mien.kernels.TripletTensors;
import dev.mien.kernels.Triplets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mining by way of the CUDA library, here on the host, is mining by the CPU's kernels: the same rows, the same counts. */
class CudaMiningTest {

    private static final int CASES = 18; // every kind; the host takes its time over them

    private final long seed = new Random().nextLong();
    private final NativeKernels expected = new NativeKernels();
    private final NativeKernels cuda = CudaOnHost.kernels();

    @BeforeAll
    static void load() {
        NativeRuntime.load();
    }

    private List<Miner> miners(Distance distance) {
        MinerOptions options = new MinerOptions(distance, 0.3).withSeed(seed);
        return Stream.concat(
                        Arrays.stream(MinerKind.values()).map(kind -> kind.create(options)),
                        Stream.of(
                                MinerKind.BATCH_HARD.create(options.withRanks(2, 4)),
                                MinerKind.SEMI_HARD.create(options.withSemantics(Semantics.TFA)),
                                MinerKind.SEMI_HARD.create(options.withSemantics(Semantics.VIOLATING)),
                                MinerKind.BATCH_ALL.create(options.withCap(3)),
                                MinerKind.EASY_POSITIVE.create(options.withNegatives(NegativeChoice.SEMI_HARD))))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void everyMinerSelectsTheSameRows(Distance distance) {
        Random random = new Random(seed);
        for (MiningCases.Case batch : MiningCases.draw(seed, CASES)) {
            Batch against = batch.against(random).batch();
            for (Miner miner : miners(distance)) {
                String where = "%s, %s, seed %d".formatted(miner, batch.name(), seed);
                compare(miner, batch.batch(), batch.batch(), cuda, where);
                compare(miner, against, against, cuda, where + ", against references");
            }
        }
    }

    private void compare(Miner miner, Batch onCpu, Batch onDevice, NativeKernels by, String where) {
        MiningResult e = miner.mine(onCpu, 7, expected);
        try (PointerScope scope = new PointerScope()) {
            MiningResult a = miner.mine(onDevice, 7, by);
            assertEquals(MinersOracleTest.text(e.triplets()), MinersOracleTest.text(a.triplets()), where);
            compare(e.statistics(), a.statistics(), where);
        }
    }

    private static void compare(MiningStatistics e, MiningStatistics a, String where) {
        assertEquals(counts(e), counts(a), where);
        assertClose(e.meanDistance(), a.meanDistance(), 1e-12, where);
        compare(e.samePercentiles(), a.samePercentiles(), where);
        compare(e.differentPercentiles(), a.differentPercentiles(), where);
    }

    private static List<Object> counts(MiningStatistics s) {
        return List.of(
                s.anchors(),
                s.validAnchors(),
                s.triplets(),
                s.easyPairs(),
                s.semiHardPairs(),
                s.hardPairs(),
                s.activeFraction(),
                s.duplicateRows(),
                s.skippedRows(),
                s.collapsed());
    }

    private static void compare(double[] e, double[] a, String where) {
        for (int i = 0; i < e.length; i++) {
            assertClose(e[i], a[i], 1e-12, where);
        }
    }

    private static void assertClose(double e, double a, double relative, String where) {
        assertEquals(e, a, Double.isFinite(e) ? relative * Math.abs(e) : 0, where);
    }

    @ParameterizedTest
    @EnumSource(names = {"TF32", "BFLOAT16"})
    void precisionChangesNoRow(CudaPrecision precision) {
        for (Distance distance : List.of(Distance.EUCLIDEAN, Distance.COSINE)) {
            for (MiningCases.Case batch : MiningCases.draw(seed, CASES)) {
                for (Miner miner : miners(distance)) {
                    try (PointerScope scope = new PointerScope()) {
                        assertEquals(
                                MinersOracleTest.text(miner.triplets(batch.batch(), 7, expected)),
                                MinersOracleTest.text(
                                        miner.triplets(batch.batch(), 7, cuda.withCudaPrecision(precision))),
                                "%s, %s, seed %d".formatted(miner, batch.name(), seed));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BFloat16", "Half"})
    void halvesAreMinedAsTheyAre(ScalarType type) {
        Random random = new Random(seed);
        for (MiningCases.Case batch : MiningCases.draw(seed, CASES)) {
            if (batch.name().startsWith("huge and tiny")) {
                continue; // float16 has no such values
            }
            try (PointerScope scope = new PointerScope()) {
                int n = batch.embeddings().rows();
                int d = batch.embeddings().columns();
                Tensor rows = Tensor.create(batch.embeddings().values(), n, d).to(type);
                Tensor labels = Tensor.create(batch.labels());
                long[] self = random.longs(n, -1, Math.max(n, 1)).toArray();
                Batch whole = Batch.of(rows, labels);
                Batch device = CudaOnHost.batch(rows, labels);
                for (Miner miner : miners(Distance.values()[random.nextInt(4)])) {
                    String where = "%s, %s, seed %d".formatted(miner, batch.name(), seed);
                    compare(miner, whole, device, cuda, where);
                    Batch widened = CudaOnHost.batch(rows.to(ScalarType.Float), labels);
                    compare(
                            miner,
                            whole.against(rows, labels, self),
                            CudaOnHost.against(device, widened, self),
                            cuda,
                            where + ", against references of another type");
                }
            }
        }
    }

    @Test
    void hardestPairsComeWithTheirDistances() {
        for (MiningCases.Case batch : MiningCases.draw(seed, CASES)) {
            NativeMining.Hardest e = expected.mining().hardest(batch.batch(), Distance.EUCLIDEAN);
            NativeMining.Hardest a = cuda.mining().hardest(batch.batch(), Distance.EUCLIDEAN);
            assertArrayEquals(e.positive(), a.positive(), batch.name());
            assertArrayEquals(e.negative(), a.negative(), batch.name());
            for (int i = 0; i < e.positive().length; i++) {
                assertClose(e.positiveDistance()[i], a.positiveDistance()[i], 1e-6, batch.name());
                assertClose(e.negativeDistance()[i], a.negativeDistance()[i], 1e-6, batch.name());
            }
        }
    }

    @Test
    void tripletsStayWhereTheyWereMined() {
        Batch batch = Batch.of(new float[] {0, 1, 3, 4}, 1, new long[] {0, 0, 1, 1});
        Triplets fetched;
        Device cpu = new Device("cpu");
        try (PointerScope scope = new PointerScope()) {
            Triplets triplets = new BatchHardMiner(Distance.EUCLIDEAN, 0.2).triplets(batch, 0, cuda);
            TripletTensors tensors = TripletTensors.of(triplets, 4, cpu);
            assertEquals(
                    tensors.anchor().data_ptr(),
                    TripletTensors.of(triplets, 4, cpu).anchor().data_ptr());
            fetched = new BatchHardMiner(Distance.EUCLIDEAN, 0.2).triplets(batch, 0, cuda).fetched();
            String refusal = assertThrows(IllegalArgumentException.class, () -> TripletTensors.of(triplets, 3, cpu))
                    .getMessage();
            assertEquals("a triplet names row 3 of 3 embeddings", refusal);
        }
        assertArrayEquals(new long[] {2, 2, 1, 1}, fetched.negative());
        Triplets gone;
        try (PointerScope scope = new PointerScope()) {
            gone = new BatchHardMiner(Distance.EUCLIDEAN, 0.2).triplets(batch, 0, cuda);
        }
        assertEquals(4, gone.size());
        String message = assertThrows(IllegalStateException.class, gone::anchor).getMessage();
        assertTrue(message.contains("PointerScope"), message);
    }

    @Test
    void badRowsAreRefusedByTheSameSentences() {
        for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] values = new float[12];
            values[7] = broken;
            Batch batch = Batch.of(values, 3, new long[4]);
            Batch memory = Batch.of(new float[6], 3, new long[2]).against(values, new long[4], null);
            for (Miner miner : miners(Distance.COSINE)) {
                refused("row 2 of the embeddings is not finite", () -> miner.mine(batch, 0, cuda));
                refused("row 2 of the references is not finite", () -> miner.triplets(memory, 0, cuda));
            }
        }
        assertEquals(
                null, PointerScope.getInnerScope(), "a call that failed left its scope open");
    }

    private static void refused(String part, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(part) && !message.contains("\n"), message);
    }
}
