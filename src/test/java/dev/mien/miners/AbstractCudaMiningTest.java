package dev.mien.miners;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.data.FloatMatrix;
import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Batch;
import dev.mien.kernels.CudaOnHost;
import dev.mien.kernels.CudaPrecision;
import dev.mien.kernels.Distance;
import dev.mien.kernels.MiningResult;
import dev.mien.kernels.MiningStatistics;
import dev.mien.kernels.NativeKernels;
import dev.mien.kernels.NativeMining;
import dev.mien.kernels.TorchKernels;
import dev.mien.kernels.TripletTensors;
import dev.mien.kernels.Triplets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mining on a CUDA device is mining by the CPU's kernels: the same rows, the same counts. A subclass says on which. */
abstract class AbstractCudaMiningTest {

    private static final int CASES = 18; // every kind; the host takes its time over them

    final long seed = new Random().nextLong();
    private final NativeKernels expected = new NativeKernels();
    private final NativeKernels cuda = cuda();
    private PointerScope scope;

    abstract NativeKernels cuda();

    /** The tensor on the device. */
    abstract Tensor placed(Tensor tensor);

    @BeforeAll
    static void load() {
        NativeRuntime.load();
    }

    @BeforeEach
    void openScope() {
        scope = new PointerScope();
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    private Batch onDevice(FloatMatrix x, long[] labels) {
        return CudaOnHost.batch(
                placed(Tensor.create(x.values(), x.rows(), x.columns())), placed(Tensor.create(labels)));
    }

    private static List<Miner> miners(Distance distance, long seed) {
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
            try (PointerScope inner = new PointerScope()) {
                Batch itself = onDevice(batch.embeddings(), batch.labels());
                MiningCases.Against memory = batch.against(random);
                Batch against = CudaOnHost.against(onDevice(memory.anchors(), memory.labels()), itself, memory.self());
                compare(distance, batch.batch(), itself, batch.name());
                compare(distance, memory.batch(), against, batch.name() + ", against references");
            }
        }
    }

    /** Every miner, with its statistics. */
    final void compare(Distance distance, Batch onCpu, Batch onDevice, String name) {
        for (Miner miner : miners(distance, seed)) {
            String where = "%s, %s, seed %d".formatted(miner, name, seed);
            MiningResult e = miner.mine(onCpu, 7, expected);
            MiningResult a = miner.mine(onDevice, 7, cuda);
            assertEquals(MinersOracleTest.text(e.triplets()), MinersOracleTest.text(a.triplets()), where);
            compare(e.statistics(), a.statistics(), where);
        }
    }

    private static void compare(MiningStatistics e, MiningStatistics a, String where) {
        assertEquals(counts(e), counts(a), where);
        assertClose(e.meanDistance(), a.meanDistance(), 1e-12, where);
        for (int i = 0; i < e.samePercentiles().length; i++) {
            assertClose(e.samePercentiles()[i], a.samePercentiles()[i], 1e-12, where);
            assertClose(e.differentPercentiles()[i], a.differentPercentiles()[i], 1e-12, where);
        }
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

    private static void assertClose(double e, double a, double relative, String where) {
        assertEquals(e, a, Double.isFinite(e) ? relative * Math.abs(e) : 0, where);
    }

    @ParameterizedTest
    @EnumSource(names = {"TF32", "BFLOAT16"})
    void precisionChangesNoRow(CudaPrecision precision) {
        for (Distance distance : List.of(Distance.EUCLIDEAN, Distance.COSINE)) {
            for (MiningCases.Case batch : MiningCases.draw(seed, CASES)) {
                try (PointerScope inner = new PointerScope()) {
                    Batch device = onDevice(batch.embeddings(), batch.labels());
                    for (Miner miner : miners(distance, seed)) {
                        assertEquals(
                                MinersOracleTest.text(miner.triplets(batch.batch(), 7, expected)),
                                MinersOracleTest.text(miner.triplets(device, 7, cuda.withCudaPrecision(precision))),
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
            try (PointerScope inner = new PointerScope()) {
                FloatMatrix x = batch.embeddings();
                Tensor rows = Tensor.create(x.values(), x.rows(), x.columns()).to(type);
                Tensor labels = Tensor.create(batch.labels());
                long[] self = random.longs(x.rows(), -1, Math.max(x.rows(), 1)).toArray();
                Batch onCpu = Batch.of(rows, labels);
                Batch device = CudaOnHost.batch(placed(rows), placed(labels));
                Batch widened = CudaOnHost.batch(placed(rows.to(ScalarType.Float)), placed(labels));
                Distance distance = Distance.values()[random.nextInt(4)];
                compare(distance, onCpu, device, batch.name());
                compare(
                        distance,
                        onCpu.against(rows, labels, self),
                        CudaOnHost.against(device, widened, self),
                        batch.name() + ", against references of another type");
            }
        }
    }

    @Test
    void hardestPairsComeWithTheirDistances() {
        for (MiningCases.Case batch : MiningCases.draw(seed, CASES)) {
            Batch device = onDevice(batch.embeddings(), batch.labels());
            NativeMining.Hardest e = expected.mining().hardest(batch.batch(), Distance.EUCLIDEAN);
            NativeMining.Hardest a = cuda.mining().hardest(device, Distance.EUCLIDEAN);
            assertArrayEquals(e.positive(), a.positive(), batch.name());
            assertArrayEquals(e.negative(), a.negative(), batch.name());
            for (int i = 0; i < e.positive().length; i++) {
                assertClose(e.positiveDistance()[i], a.positiveDistance()[i], 1e-6, batch.name());
                assertClose(e.negativeDistance()[i], a.negativeDistance()[i], 1e-6, batch.name());
            }
        }
    }

    private Triplets hardest(Batch batch) {
        return new BatchHardMiner(Distance.EUCLIDEAN, 0.2).triplets(batch, 0, cuda);
    }

    @Test
    void tripletsStayWhereTheyWereMined() {
        Batch batch = onDevice(new FloatMatrix(new float[] {0, 1, 3, 4}, 4, 1), new long[] {0, 0, 1, 1});
        Device device = placed(Tensor.create(0f)).device();
        Triplets triplets = hardest(batch);
        TripletTensors tensors = TripletTensors.of(triplets, 4, device);
        assertEquals(
                tensors.anchor().data_ptr(),
                TripletTensors.of(triplets, 4, device).anchor().data_ptr(),
                "copied");
        refused("a triplet names row 3 of 3 embeddings", () -> TripletTensors.of(triplets, 3, device));
        Triplets fetched;
        Triplets gone;
        try (PointerScope inner = new PointerScope()) {
            fetched = hardest(batch).fetched();
            gone = hardest(batch);
        }
        assertArrayEquals(new long[] {2, 2, 1, 1}, fetched.negative());
        assertEquals(4, gone.size());
        String message = assertThrows(IllegalStateException.class, gone::anchor).getMessage();
        assertTrue(message.contains("PointerScope"), message);
    }

    @Test
    void badRowsAreRefusedByTheSameSentences() {
        for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] values = new float[12];
            values[7] = broken;
            Batch batch = onDevice(new FloatMatrix(values, 4, 3), new long[4]);
            Batch sound = onDevice(new FloatMatrix(new float[6], 2, 3), new long[2]);
            for (Miner miner : miners(Distance.COSINE, seed)) {
                refused("row 2 of the embeddings is not finite", () -> miner.mine(batch, 0, cuda));
                refused(
                        "row 2 of the references is not finite",
                        () -> miner.triplets(CudaOnHost.against(sound, batch, null), 0, cuda));
            }
        }
        assertSame(scope, PointerScope.getInnerScope(), "a call that failed left its scope open");
    }

    @Test
    void aGradientThatDoesNotFitIsRefused() {
        Batch batch = onDevice(new FloatMatrix(new float[] {0, 1, 3, 4}, 2, 2), new long[] {0, 1});
        Tensor matrix = placed(Tensor.create(new float[4], 2, 2));
        cuda.mining().batchAllLoss(batch, Distance.EUCLIDEAN, 0.2, matrix);
        for (Tensor wrong : List.of(matrix.t(), matrix.narrow(0, 0, 1), matrix.to(ScalarType.Double))) {
            refused("contiguous float32 (2, 2)", () -> cuda.mining()
                    .batchAllLoss(batch, Distance.EUCLIDEAN, 0.2, wrong));
        }
    }

    @Test
    void aCallLeavesNothingBehindBeyondItsScope() {
        MiningCases.Case some = MiningCases.draw(seed, CASES).get(4);
        Batch batch = onDevice(some.embeddings(), some.labels());
        for (Miner miner : miners(Distance.EUCLIDEAN, seed)) {
            long before = 0;
            for (int call = 0; call < 2; call++) { // what is kept for good is there after the first
                before = Pointer.totalCount();
                try (PointerScope inner = new PointerScope()) {
                    miner.mine(batch, 0, cuda).triplets().anchor();
                }
            }
            assertTrue(Pointer.totalCount() <= before, miner + ": " + before + " pointers became more");
        }
    }

    @Test
    void theHostMinesWhatIsOnTheDeviceWhenAsked() {
        for (MiningCases.Case batch : MiningCases.draw(seed, CASES)) {
            Batch device = onDevice(batch.embeddings(), batch.labels());
            Miner miner = new SemiHardMiner(Distance.EUCLIDEAN, 0.3, Semantics.TFA, 0);
            assertEquals(
                    MinersOracleTest.text(miner.triplets(batch.batch(), 0, expected)),
                    MinersOracleTest.text(miner.triplets(device, 0, new TorchKernels())),
                    batch.name());
        }
    }

    private static void refused(String part, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(part) && !message.contains("\n"), message);
    }
}
