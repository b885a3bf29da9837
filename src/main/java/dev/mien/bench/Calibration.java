package dev.mien.bench;

import dev.mien.bench.Contender.Kind;
import dev.mien.internal.NativeRuntime;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What the machine can do: the bare product X X^T by LibTorch's BLAS, into memory that is kept. */
public final class Calibration implements AutoCloseable {

    static {
        NativeRuntime.load();
    }

    private final Tensor product;

    /** Takes memory for the product, where there is enough. */
    public Calibration(Workload workload) {
        product = Memory.fits(2 * workload.matrixBytes()) ? torch.zeros(workload.n(), workload.n()) : null;
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

    /** Frees the memory. */
    @Override
    public void close() {
        if (product != null) {
            product.close();
        }
    }
}
