package dev.mien.bench;

import dev.mien.bench.Contender.Kind;
import dev.mien.internal.NativeRuntime;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What the machine can do: the bare product X X^T by LibTorch's BLAS, into memory that is kept. */
public final class Calibration implements AutoCloseable {

    static {
        NativeRuntime.load();
    }

    private static final long COPIED = 1 << 25; // float32 values, 128 MB
    private static final int COPIES = 5;

    private final Tensor product;

    /** Takes memory for the product on the CPU, where there is enough. */
    public Calibration(Workload workload) {
        this(workload, new Device("cpu"));
    }

    /** The same on a device. */
    Calibration(Workload workload, Device device) {
        long n = workload.n();
        product = Memory.fits(2 * workload.matrixBytes()) ? zeros(n, device) : null;
    }

    private static Tensor zeros(long n, Device device) {
        TensorOptions options = new TensorOptions(ScalarType.Float).device(new DeviceOptional(device));
        return torch.zeros(new long[] {n, n}, options);
    }

    /** Whether there is memory for the product. */
    public boolean fits() {
        return product != null;
    }

    /** The product. */
    public Contender<Void> sgemm() {
        return new Contender<>("sgemm", Kind.MATRIX, in -> {
            torch.mm_out(product, in.rows(), in.rows().t());
            return null;
        });
    }

    /** The product at its best split of threads. */
    public Choice<Void> sgemm(Input input, int threads) {
        return Choice.fastest(List.of(sgemm()), input, threads).orElseThrow();
    }

    /** Rate at which LibTorch copies a matrix too large for caches, bytes read and written together: GB/s. */
    public static double copyGigabytes(int threads) {
        ThreadSplit.TORCH.apply(threads);
        try (PointerScope scope = new PointerScope()) {
            Tensor from = torch.zeros(COPIED);
            Tensor to = torch.zeros(COPIED);
            double least = Double.POSITIVE_INFINITY;
            for (int run = 0; run < COPIES; run++) {
                long started = System.nanoTime();
                to.copy_(from);
                least = Math.min(least, (System.nanoTime() - started) / 1e9);
            }
            return 2 * 4 * COPIED / least * 1e-9;
        } finally {
            NativeRuntime.setThreads(threads);
        }
    }

    /** Frees the memory. */
    @Override
    public void close() {
        if (product != null) {
            product.close();
        }
    }
}
