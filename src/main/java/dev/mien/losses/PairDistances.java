package dev.mien.losses;

import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Distance;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Differentiable distances between rows. The gradient of a distance at 0 is 0, for every distance. */
final class PairDistances {

    static {
        NativeRuntime.load();
    }

    /** cdist's direct differences; its matrix-multiply form loses near-duplicates. */
    private static final long DIRECT_DIFFERENCES = 2;

    private final Tensor rows;
    private final Tensor isZero;
    private final Distance distance;

    /** @param embeddings (n, d) float32 or float64 */
    PairDistances(Tensor embeddings, Distance distance) {
        this.distance = distance;
        if (distance == Distance.COSINE) {
            Tensor squares = embeddings.square().sum(new long[] {1}, true, new ScalarTypeOptional());
            Tensor zero = squares.eq(new Scalar(0.0));
            rows = embeddings.div(squares.masked_fill(zero, new Scalar(1.0)).sqrt());
            isZero = zero.squeeze(1);
        } else {
            rows = embeddings;
            isZero = null;
        }
    }

    /** Distances of the pairs (i, j), (t) from two vectors of row numbers (t); holds t x d differences. */
    Tensor ofPairs(Tensor i, Tensor j) {
        Tensor difference = rows.index_select(0, i).sub(rows.index_select(0, j));
        Tensor sum = (distance == Distance.MANHATTAN ? difference.abs() : difference.square()).sum(1);
        return switch (distance) {
            case EUCLIDEAN -> safeSqrt(sum);
            case SQUARED_EUCLIDEAN, MANHATTAN -> sum;
            case COSINE -> {
                Tensor zero = isZero.index_select(0, i).logical_or(isZero.index_select(0, j));
                yield sum.mul(new Scalar(0.5)).masked_fill(zero, new Scalar(1.0));
            }
        };
    }

    /** All distances (n, n); costs n x n x d whatever the number of triplets. */
    Tensor matrix() {
        double power = distance == Distance.MANHATTAN ? 1 : 2;
        Tensor direct = torch.cdist(rows, rows, power, new LongOptional(DIRECT_DIFFERENCES));
        return switch (distance) {
            case EUCLIDEAN, MANHATTAN -> direct;
            case SQUARED_EUCLIDEAN -> direct.square();
            case COSINE -> direct.square()
                    .mul(new Scalar(0.5))
                    .masked_fill(isZero.unsqueeze(0).logical_or(isZero.unsqueeze(1)), new Scalar(1.0));
        };
    }

    /** The square root, with gradient 0 at 0. */
    private static Tensor safeSqrt(Tensor squares) {
        Tensor zero = squares.eq(new Scalar(0.0));
        return squares.masked_fill(zero, new Scalar(1.0)).sqrt().masked_fill(zero, new Scalar(0.0));
    }
}
