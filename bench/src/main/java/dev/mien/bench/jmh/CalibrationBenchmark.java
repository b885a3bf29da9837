package dev.mien.bench.jmh;

import dev.mien.bench.Calibration;
import dev.mien.bench.Choice;
import dev.mien.bench.Clusters;
import dev.mien.bench.Input;
import dev.mien.bench.Workload;
import dev.mien.internal.Native;
import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Distance;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the machine can do in the same run: a bare matrix product, multiply-adds in registers, an empty JNI call. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 3,
        jvmArgs = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public class CalibrationBenchmark {

    private static final double SLICE_SECONDS = 0.1;

    /** The product X X^T into kept memory. */
    @State(Scope.Benchmark)
    public static class Product {

        /** Rows. */
        @Param("4096")
        public int n;

        /** Columns. */
        @Param({"128", "512"})
        public int d;

        /** Threads. */
        @Param("2")
        public int threads;

        private Input input;
        private Calibration calibration;
        private Choice<Void> choice;

        /** Draws the rows and picks the split of threads. */
        @Setup
        public void prepare() {
            NativeRuntime.setThreads(threads);
            Workload workload = new Workload(n, d, Distance.EUCLIDEAN, Clusters.TRAINED);
            input = Input.draw(workload);
            calibration = new Calibration(workload);
            choice = calibration.sgemm(input, threads);
            choice.split().apply(threads);
            System.out.printf("# %s%n", choice.describe(threads));
        }

        /** Frees the memory. */
        @TearDown
        public void release() {
            calibration.close();
            input.close();
        }
    }

    /** Threads of the multiply-adds, and what they reached. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Peak {

        /** GFLOP/s of the last call in the iteration. */
        public double gflops;

        /** Starts an iteration. */
        @Setup(Level.Iteration)
        public void reset() {
            gflops = 0;
        }
    }

    /** Threads of the multiply-adds. */
    @State(Scope.Benchmark)
    public static class Pool {

        /** Threads. */
        @Param("2")
        public int threads;

        /** Loads the kernels. */
        @Setup
        public void prepare() {
            NativeRuntime.loadKernels();
        }
    }

    /** The bare product. */
    @Benchmark
    public Object sgemm(Product product) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            return product.choice.contender().run().apply(product.input);
        }
    }

    /** Multiply-adds in registers; the figure is the counter {@code gflops}, not the time. */
    @Benchmark
    public double peak(Pool pool, Peak peak) {
        peak.gflops = Native.peakGflops(pool.threads, SLICE_SECONDS);
        return peak.gflops;
    }

    /** A call into the library that reads one number. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public int emptyCall(Pool pool) {
        return Native.threads();
    }
}
