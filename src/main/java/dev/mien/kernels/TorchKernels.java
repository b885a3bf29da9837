package dev.mien.kernels;

import dev.mien.internal.NativeRuntime;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** LibTorch's own operations, on any device, in float64 where exactness asks for it. */
public final class TorchKernels implements Kernels {

    static {
        NativeRuntime.load();
    }

    /** cdist's direct differences: its matrix-multiply form is wrong by 3e-3 on a diagonal. */
    private static final long DIRECT_DIFFERENCES = 2;

    /** Float64 values of one block of distances, 32 MB. */
    private static final long BLOCK = 1 << 22;

    @Override
    public String description() {
        return "torch";
    }

    @Override
    public Tensor distances(Tensor a, Tensor b, Distance distance) {
        check(a, "a");
        check(b, "b");
        if (a.size(1) != b.size(1)) {
            throw new IllegalArgumentException("a has %d columns and b has %d".formatted(a.size(1), b.size(1)));
        }
        long n = a.size(0);
        long m = b.size(0);
        // Made outside the scope, so that it outlives it.
        Tensor out = torch.empty(new long[] {n, m}, a.options(), new MemoryFormatOptional());
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor columns = float64(b, distance);
            long step = Math.max(1, BLOCK / Math.max(1, Math.max(m, a.size(1))));
            for (long first = 0; first < n; first += step) {
                try (PointerScope block = new PointerScope()) {
                    long count = Math.min(step, n - first);
                    Tensor rows = float64(a.narrow(0, first, count), distance);
                    out.narrow(0, first, count).copy_(block(rows, columns, distance));
                }
            }
        }
        return out;
    }

    private static Tensor float64(Tensor rows, Distance distance) {
        Tensor wide = rows.to(ScalarType.Double);
        if (distance != Distance.COSINE) {
            return wide;
        }
        // A zero row is divided by 1 and stays zero.
        Tensor norms = wide.square()
                .sum(new long[] {1}, true, new ScalarTypeOptional())
                .sqrt();
        return wide.div(norms.masked_fill(norms.eq(new Scalar(0.0)), new Scalar(1.0)));
    }

    private static Tensor block(Tensor rows, Tensor columns, Distance distance) {
        double power = distance == Distance.MANHATTAN ? 1 : 2;
        Tensor direct = torch.cdist(rows, columns, power, new LongOptional(DIRECT_DIFFERENCES));
        return switch (distance) {
            case EUCLIDEAN, MANHATTAN -> direct;
            case SQUARED_EUCLIDEAN -> direct.square_();
                // 1 - cos = |u - v|^2 / 2 for unit rows, without the cancellation of 1 - cos.
            case COSINE -> direct.square_()
                    .mul_(new Scalar(0.5))
                    .clamp_max_(new Scalar(2.0))
                    .masked_fill_(zeroRows(rows).unsqueeze(1), new Scalar(1.0))
                    .masked_fill_(zeroRows(columns).unsqueeze(0), new Scalar(1.0));
        };
    }

    private static Tensor zeroRows(Tensor rows) {
        return rows.ne(new Scalar(0.0)).any(1).logical_not();
    }

    private static void check(Tensor matrix, String name) {
        if (matrix.dim() != 2) {
            throw new IllegalArgumentException(
                    "%s has %d dimensions; a matrix (rows, columns) is needed".formatted(name, matrix.dim()));
        }
        ScalarType type = matrix.scalar_type().intern();
        if (type != ScalarType.Float) {
            throw new IllegalArgumentException("%s holds %s values; float32 is needed".formatted(name, type));
        }
        if (matrix.size(1) == 0) {
            throw new IllegalArgumentException("%s must have at least 1 column, not 0".formatted(name));
        }
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor broken = torch.isfinite(matrix).logical_not().any(1);
            if (broken.any().item_bool()) {
                long row = broken.nonzero().narrow(0, 0, 1).item_long();
                throw new IllegalArgumentException("row %d of %s is not finite".formatted(row, name));
            }
        }
    }
}
