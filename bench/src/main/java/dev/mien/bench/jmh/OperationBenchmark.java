package dev.mien.bench.jmh;

import dev.mien.bench.Choice;
import dev.mien.bench.Clusters;
import dev.mien.bench.Contender;
import dev.mien.bench.Contender.Kind;
import dev.mien.bench.Contest;
import dev.mien.bench.Input;
import dev.mien.bench.Operation;
import dev.mien.bench.ThreadSplit;
import dev.mien.bench.Workload;
import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Distance;
import dev.mien.kernels.NativeKernels;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What every operation's benchmark shares: mien against the best of LibTorch's ways, each checked against mien before it
 * is timed. Times are sampled, so that the JSON holds the minimum (percentile 0) and the median (percentile 50).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 3,
        jvmArgs = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public abstract class OperationBenchmark {

    /** {@code mien}; or LibTorch at its best with whole matrices ({@code matrix}), or a few anchors at a time ({@code blocks}). */
    @Param({"mien", "matrix", "blocks"})
    public String implementation;

    /** By which rows are compared. */
    @Param("EUCLIDEAN")
    public Distance distance;

    /** Rows. */
    @Param("4096")
    public int n;

    /** Columns. */
    @Param({"128", "512"})
    public int d;

    /** Made-up embeddings as after training or before it. */
    @Param("TRAINED")
    public Clusters data;

    /** Threads of either side. */
    @Param("2")
    public int threads;

    private Input input;
    private Contender<?> contender;

    /** What the class measures. */
    abstract Operation operation();

    /** Draws the input, refuses to time a wrong answer, and picks the best of LibTorch's ways. */
    @Setup
    public void prepare() {
        NativeRuntime.load();
        NativeRuntime.setThreads(threads);
        Workload workload = new Workload(n, d, distance, data);
        prepare(operation().contest(workload), workload);
    }

    private <R> void prepare(Contest<R> contest, Workload workload) {
        input = contest.pair() ? Input.drawPair(workload) : Input.draw(workload);
        if (implementation.equals("mien")) {
            contender = contest.mien();
            System.out.printf("# %s, %d threads%n", new NativeKernels().description(), NativeRuntime.threads());
            return;
        }
        Kind kind = Kind.valueOf(implementation.toUpperCase(Locale.ROOT));
        Choice<R> choice = Choice.fastest(contest.peers(kind), input, threads)
                .orElseThrow(() -> new IllegalStateException("no such peer for " + workload));
        check(contest, choice);
        choice.split().apply(threads);
        contender = choice.contender();
        System.out.printf("# %s%n", choice.describe(threads));
    }

    private <R> void check(Contest<R> contest, Choice<R> choice) {
        ThreadSplit.TORCH.apply(threads);
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            R expected = contest.mien().run().apply(input);
            contest.check().compare(input, expected, choice.contender().run().apply(input));
        }
    }

    /** The operation once, its result freed. */
    @Benchmark
    public Object run() {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            return contender.run().apply(input);
        }
    }

    /** Frees the input. */
    @TearDown
    public void release() {
        input.close();
    }
}
