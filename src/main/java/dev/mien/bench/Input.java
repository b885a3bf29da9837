package dev.mien.bench;

import dev.mien.internal.NativeRuntime;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Made-up embeddings of unit length in classes, outside the Java heap: the same for a workload in every run. */
public final class Input implements AutoCloseable {

    static {
        NativeRuntime.load();
    }

    /** Class centres spread over this many directions, so that some lie near each other as learnt ones do. */
    private static final int DIRECTIONS = 24;

    private static final long SEED = 20240817;

    private final Workload workload;
    private final Tensor rows;
    private final Tensor others;
    private final Tensor matrix;
    private final Tensor peerMatrix;
    private final Tensor labels;

    private Input(Workload workload, Tensor rows, Tensor labels, Tensor others, Tensor matrix, Tensor peerMatrix) {
        this.workload = workload;
        this.rows = rows;
        this.others = others;
        this.matrix = matrix;
        this.peerMatrix = peerMatrix;
        this.labels = labels;
    }

    /** Draws the rows of a workload. */
    public static Input draw(Workload workload) {
        return draw(workload, false);
    }

    /**
     * The same with as many {@link #others()}, for operations between two matrices, and memory for the result.
     *
     * @throws IllegalArgumentException if this machine has too little memory for it
     */
    public static Input drawPair(Workload workload) {
        if (!Memory.fits(2 * workload.matrixBytes())) {
            throw new IllegalArgumentException(
                    "%d x %d distances, twice, take %d MB, more than this machine has to spare"
                            .formatted(workload.n(), workload.n(), 2 * workload.matrixBytes() >> 20));
        }
        return draw(workload, true);
    }

    private static Input draw(Workload workload, boolean pair) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            torch.manual_seed(SEED);
            Tensor classes = torch.arange(new Scalar(workload.n()), new TensorOptions(ScalarType.Long))
                    .remainder(new Scalar(workload.classes()));
            Tensor centres = centres(workload);
            Tensor rows = rows(workload, centres, classes);
            Tensor others = pair ? rows(workload, centres, classes) : null;
            Tensor matrix = pair ? torch.zeros(workload.n(), workload.n()) : null;
            Tensor peerMatrix = pair ? torch.zeros_like(matrix) : null;
            for (Tensor kept : new Tensor[] {rows, classes, others, matrix, peerMatrix}) {
                if (kept != null) {
                    kept.retainReference(); // the scope lets go of its own
                }
            }
            return new Input(workload, rows, classes, others, matrix, peerMatrix);
        }
    }

    /** The same rows on a device, in place of these, which are closed. */
    public Input on(Device device) {
        if (device.is_cpu()) {
            return this;
        }
        try (Input host = this;
                PointerScope scope = new PointerScope()) {
            return new Input(
                    workload,
                    moved(rows, device),
                    moved(labels, device),
                    moved(others, device),
                    moved(matrix, device),
                    moved(peerMatrix, device));
        }
    }

    private static Tensor moved(Tensor tensor, Device device) {
        return tensor == null ? null : tensor.to(device, tensor.scalar_type()).retainReference();
    }

    /** Whether these are on a CUDA device. */
    boolean onCuda() {
        return rows.is_cuda();
    }

    /** Waits until the device has done what it was told. */
    void awaitDevice() {
        if (onCuda()) {
            torch.cuda_synchronize();
        }
    }

    private static Tensor centres(Workload workload) {
        long directions = Math.min(DIRECTIONS, workload.d());
        Tensor mixed = torch.randn(workload.classes(), directions).mm(torch.randn(directions, workload.d()));
        return mixed.div_(lengths(mixed));
    }

    private static Tensor rows(Workload workload, Tensor centres, Tensor classes) {
        Clusters data = workload.data();
        Tensor noise = torch.rand(workload.n(), 1)
                .mul_(new Scalar(data.highestNoise - data.lowestNoise))
                .add_(new Scalar(data.lowestNoise))
                .mul_(new Scalar(1 / Math.sqrt(workload.d())));
        Tensor rows = torch.randn(workload.n(), workload.d()).mul_(noise).add_(centres.index_select(0, classes));
        return rows.div_(lengths(rows));
    }

    private static Tensor lengths(Tensor rows) {
        return rows.norm(new ScalarOptional(new Scalar(2)), new long[] {1}, true);
    }

    /** What these are the rows of. */
    public Workload workload() {
        return workload;
    }

    /** (n, d) float32. */
    public Tensor rows() {
        return rows;
    }

    /** (n, d) float32, other rows of the same classes; null unless drawn as a pair. */
    public Tensor others() {
        return others;
    }

    /** (n, n) float32 that mien's result goes to; null unless drawn as a pair. */
    public Tensor matrix() {
        return matrix;
    }

    /** (n, n) float32 that a peer's result goes to; null unless drawn as a pair. */
    public Tensor peerMatrix() {
        return peerMatrix;
    }

    /** (n) int64. */
    public Tensor labels() {
        return labels;
    }

    /** Frees the tensors. */
    @Override
    public void close() {
        rows.close();
        labels.close();
        if (others != null) {
            others.close();
            matrix.close();
            peerMatrix.close();
        }
    }
}
