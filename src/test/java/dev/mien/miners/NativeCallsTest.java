package dev.mien.miners;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mien.data.FloatMatrix;
import dev.mien.internal.ChildJvm;
import dev.mien.internal.ResidentMemory;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.NativeKernels;
import dev.mien.kernels.NativeMining;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls of the native library: buffers of every kind, many threads at once, memory over many calls. */
class NativeCallsTest {

    private static final int THREADS = 8;

    private final Kernels kernels = new NativeKernels();
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @ParameterizedTest
    @EnumSource
    void everyKindOfBufferGivesTheSame(MinerKind kind) {
        Miner miner = kind.create(new MinerOptions(Distance.COSINE, 0.3));
        for (MiningCases.Case batch : MiningCases.draw(seed, 40)) {
            float[] values = batch.embeddings().values();
            int columns = batch.embeddings().columns();
            String expected = MinersOracleTest.text(miner.triplets(batch.batch(), 3, kernels));
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                ByteBuffer direct =
                        ByteBuffer.allocateDirect(4 * values.length + 8).order(order);
                FloatBuffer buffer =
                        direct.asFloatBuffer().position(1).put(values).flip().position(1);
                Batch same = Batch.of(buffer.asReadOnlyBuffer(), columns, LongBuffer.wrap(batch.labels()));
                assertEquals(expected, MinersOracleTest.text(miner.triplets(same, 3, kernels)), batch.name());
                assertEquals(1, buffer.position());
            }
            FloatBuffer heap = FloatBuffer.allocate(values.length + 2)
                    .position(2)
                    .put(values)
                    .position(2);
            Batch same = Batch.of(heap, columns, batch.labels());
            assertEquals(expected, MinersOracleTest.text(miner.triplets(same, 3, kernels)), batch.name());
        }
    }

    @Test
    void hardestPairsComeWithTheirDistances() {
        NativeMining mining = new NativeKernels().mining();
        NativeMining.Hardest hardest = mining.hardest(
                Batch.of(new float[] {0, 1, 4, 9}, 1, new long[] {0, 0, 1, 2}), Distance.SQUARED_EUCLIDEAN);
        assertArrayEquals(new long[] {1, 0, -1, -1}, hardest.positive());
        assertArrayEquals(new long[] {2, 2, -1, -1}, hardest.negative());
        assertArrayEquals(new float[] {1, 1, Float.NaN, Float.NaN}, hardest.positiveDistance());
        assertArrayEquals(new float[] {16, 9, Float.NaN, Float.NaN}, hardest.negativeDistance());
    }

    @Test
    void manyThreadsAtOnceGetTheirOwnAnswers() throws Exception {
        List<MiningCases.Case> cases = MiningCases.draw(seed, 60);
        List<Miner> miners = Arrays.stream(MinerKind.values())
                .map(kind -> kind.create(new MinerOptions(Distance.EUCLIDEAN, 0.3).withSeed(seed)))
                .toList();
        List<String> expected = answers(cases, miners);
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            Callable<List<String>> task = () -> answers(cases, miners);
            for (Future<List<String>> answer : pool.invokeAll(
                    IntStream.range(0, 3 * THREADS).mapToObj(i -> task).toList())) {
                assertEquals(expected, answer.get(), "seed " + seed);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private List<String> answers(List<MiningCases.Case> cases, List<Miner> miners) {
        return cases.stream()
                .flatMap(batch -> miners.stream().map(miner -> miner.mine(batch.batch(), 1, kernels)))
                .map(mined -> MinersOracleTest.text(mined.triplets())
                        + mined.statistics().hardPairs())
                .toList();
    }

    @Test
    void memoryStaysFlat() throws Exception {
        checkMemory(3000);
    }

    @Tag("soak")
    @Test
    void memoryStaysFlatOverAHundredThousandCalls() throws Exception {
        checkMemory(100_000);
    }

    private static void checkMemory(int calls) throws Exception {
        // A heap that is resident from the start, so that what grows is native.
        ChildJvm.Outcome outcome = new ChildJvm(ManyCalls.class)
                .option("-Xms64m")
                .option("-Xmx64m")
                .option("-XX:+AlwaysPreTouch")
                .option("-Dcalls=" + calls)
                .run();
        assertEquals(0, outcome.exit(), outcome.output());
        System.out.print(outcome.output());
    }

    /** Mines a small batch, and takes the loss of a larger one, many times; exits with 1 if the resident memory grew. */
    static final class ManyCalls {

        /** Code that the JVM compiles and allocators' slack; 3,000 calls that leak one buffer of 10 KB leak more. */
        private static final long SLACK = 16L << 20;

        private ManyCalls() {}

        /** Takes no arguments. */
        public static void main(String[] arguments) throws IOException {
            int calls = Integer.getInteger("calls");
            Random random = new Random(1);
            FloatMatrix x = new FloatMatrix(normal(random, 80 * 32), 80, 32);
            long[] labels = random.longs(80, 0, 20).toArray();
            Batch batch = Batch.of(
                    normal(random, 160 * 32),
                    32,
                    LongStream.range(0, 160).map(row -> row % 20).toArray());
            FloatBuffer gradient = FloatBuffer.allocate(160 * 32);
            NativeMining mining = new NativeKernels().mining();
            List<Miner> miners = Arrays.stream(MinerKind.values())
                    .map(kind -> kind.create(new MinerOptions(Distance.EUCLIDEAN, 0.3)))
                    .toList();
            Kernels kernels = new NativeKernels();
            long before = 0;
            for (int call = -500; call < calls; call++) {
                before = call == 0 ? ResidentMemory.bytes() : before;
                miners.get(Math.floorMod(call, miners.size())).triplets(Batches.of(x, labels), call, kernels);
                mining.batchAllLoss(batch, Distance.EUCLIDEAN, call % 2 == 0 ? 0 : 0.3, gradient);
            }
            long grown = ResidentMemory.bytes() - before;
            System.out.printf("%d calls: resident memory grew by %.1f MB%n", calls, grown / 1e6);
            System.exit(grown < SLACK ? 0 : 1);
        }

        private static float[] normal(Random random, int count) {
            float[] values = new float[count];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return values;
        }
    }
}
