package dev.mien.bench;

import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Distance;
import dev.mien.kernels.NativeKernels;
import dev.mien.kernels.TorchKernels;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
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
import org.openjdk.jmh.annotations.Warmup;

/** All distances of a batch with itself: the native kernels, the exact LibTorch ones, and LibTorch's float32 cdist. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class DistancesBenchmark {

    /** Who computes: {@code cdist} runs with LibTorch's pool alone, {@code cdist-blas} with OpenBLAS's alone. */
    @Param({"native", "torch", "cdist", "cdist-blas"})
    public String implementation;

    /** Euclidean and Manhattan, which cdist knows too. */
    @Param({"EUCLIDEAN", "MANHATTAN"})
    public Distance distance;

    /** Rows. */
    @Param("1024")
    public long n;

    /** Columns. */
    @Param({"128", "512"})
    public long d;

    /** Threads of whichever pool computes; every other pool has one. */
    @Param("2")
    public int threads;

    private Tensor embeddings;
    private NativeKernels nativeKernels;
    private TorchKernels torchKernels;

    /** Draws the batch and refuses to time a wrong answer. */
    @Setup
    public void prepare() {
        NativeRuntime.load();
        nativeKernels = new NativeKernels();
        torchKernels = new TorchKernels();
        NativeRuntime.setThreads(threads);
        if (implementation.equals("cdist-blas")) {
            torch.set_num_threads(1);
            openblas_nolapack.blas_set_num_threads(threads);
        }
        torch.manual_seed(1);
        embeddings = torch.randn(n, d);
        try (PointerScope scope = new PointerScope()) {
            Tensor exact = torchKernels.distances(embeddings, embeddings, distance);
            double error =
                    compute().sub(exact).abs().max().item_float() / exact.max().item_float();
            double allowed = implementation.startsWith("cdist") ? 1e-2 : 1e-6; // cdist's diagonal is off by up to 3e-3
            if (!(error <= allowed)) {
                throw new IllegalStateException("%s is wrong by %g".formatted(implementation, error));
            }
        }
        System.out.printf(
                "%s, error within bounds, LibTorch %d threads, kernels %d threads%n",
                nativeKernels.description(), torch.get_num_threads(), NativeRuntime.threads());
    }

    /** One matrix of distances, allocated and freed. */
    @Benchmark
    public long distances() {
        try (PointerScope scope = new PointerScope()) {
            return compute().numel();
        }
    }

    private Tensor compute() {
        return switch (implementation) {
            case "native" -> nativeKernels.distances(embeddings, embeddings, distance);
            case "torch" -> torchKernels.distances(embeddings, embeddings, distance);
            default -> torch.cdist(
                    embeddings,
                    embeddings,
                    distance == Distance.MANHATTAN ? 1 : 2,
                    new org.bytedeco.pytorch.LongOptional());
        };
    }
}
