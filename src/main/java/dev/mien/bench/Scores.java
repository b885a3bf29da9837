package dev.mien.bench;

import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Distance;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * LibTorch's distances of some anchors to all rows, in the cheapest form that keeps each anchor's order: scores. Euclidean
 * distances are scored by one addmm as |b|^2 - 2ab, cosine ones as -ab of unit rows; Manhattan distances have no product.
 */
final class Scores {

    static {
        NativeRuntime.load();
    }

    static final Scalar LOWEST = constant(Double.NEGATIVE_INFINITY);
    static final Scalar HIGHEST = constant(Double.POSITIVE_INFINITY);
    private static final Scalar ZERO = constant(0);
    private static final Scalar ONE = constant(1);
    private static final Scalar SMALLEST = constant(1e-12);

    private final Distance distance;
    private final Tensor rows;
    private final Tensor transposed;
    private final Tensor squares; // (n): |row|^2; zeros for cosine, null for Manhattan

    Scores(Tensor rows, Distance distance) {
        this.distance = distance;
        this.rows = distance == Distance.COSINE ? unit(rows) : rows;
        this.transposed = this.rows.t();
        this.squares = switch (distance) {
            case EUCLIDEAN, SQUARED_EUCLIDEAN -> lengths(rows).square_().flatten();
            case COSINE -> torch.zeros_like(rows.select(1, 0));
            case MANHATTAN -> null;
        };
    }

    /** A scalar that outlives the scope in which this class is loaded. */
    private static Scalar constant(double value) {
        Scalar scalar = new Scalar(value);
        scalar.retainReference();
        return scalar;
    }

    /** Rows divided by their lengths. */
    static Tensor unit(Tensor rows) {
        return rows.div(lengths(rows).clamp_min(SMALLEST));
    }

    static Tensor lengths(Tensor rows) {
        return rows.norm(new ScalarOptional(new Scalar(2)), new long[] {1}, true);
    }

    /** Number of rows. */
    long size() {
        return rows.size(0);
    }

    /** Fresh memory for scores of some anchors, (anchors, n), on the device of the rows. */
    Tensor room(long anchors) {
        return torch.empty(new long[] {anchors, size()}, rows.options(), new MemoryFormatOptional());
    }

    /** The rows that are compared: as given, of unit length for cosine. */
    Tensor compared() {
        return rows;
    }

    /** Scores (anchors, n) of the anchors from {@code first} on, into {@code buffer} (anchors, n) where a product makes them. */
    Tensor of(long first, long anchors, Tensor buffer) {
        Tensor some = rows.narrow(0, first, anchors);
        if (distance == Distance.MANHATTAN) {
            return torch.cdist(some, rows, 1, new LongOptional());
        }
        Scalar scale = new Scalar(distance == Distance.COSINE ? -1.0 : -2.0);
        return torch.addmm_out(buffer, squares.unsqueeze(0), some, transposed, ONE, scale);
    }

    /** All scores (n, n) in fresh memory. */
    Tensor all() {
        return of(0, size(), room(size()));
    }

    /** Turns scores (anchors, anything) of the anchors from {@code first} on into distances, in place. */
    Tensor toDistances(Tensor scores, long first, long anchors) {
        if (distance == Distance.MANHATTAN) {
            return scores;
        }
        if (distance == Distance.COSINE) {
            return scores.add_(ONE).clamp_min_(ZERO);
        }
        scores.add_(squares.narrow(0, first, anchors).unsqueeze(1)).clamp_min_(ZERO);
        return distance == Distance.EUCLIDEAN ? scores.sqrt_() : scores;
    }

    /** All of cdist's distances, or what is in their order: squared Euclidean and cosine by the Euclidean distance. */
    static Tensor cdist(Tensor rows, Distance distance) {
        Tensor compared = distance == Distance.COSINE ? unit(rows) : rows;
        return torch.cdist(compared, compared, distance == Distance.MANHATTAN ? 1 : 2, new LongOptional());
    }

    /** All distances (n, n) by cdist. */
    static Tensor distances(Tensor rows, Distance distance) {
        Tensor matrix = cdist(rows, distance);
        return switch (distance) {
            case EUCLIDEAN, MANHATTAN -> matrix;
            case SQUARED_EUCLIDEAN -> matrix.square_();
            case COSINE -> matrix.square_().mul_(new Scalar(0.5));
        };
    }
}
