package dev.mien.losses;

import dev.mien.internal.NativeRuntime;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * {@link BatchAllTripletLoss} by LibTorch's operations, on any device: float64 distances (n, n), and the triplets of one
 * anchor at a time, so that memory is O(n^2) where all triplets are O(n^3). Autograd differentiates the distances.
 */
final class TorchBatchAll {

    static {
        NativeRuntime.load();
    }

    /** Float64 values of one block of triplets, 32 MB. */
    private static final long BLOCK = 1 << 22;

    private final double margin;
    private final Tensor distances;
    private final Tensor labels;
    private final Tensor slopes;
    private final Tensor sum;
    private final Tensor active;
    private long triplets;

    private TorchBatchAll(double margin, Tensor distances, Tensor labels) {
        this.margin = margin;
        this.distances = distances;
        this.labels = labels;
        slopes = torch.zeros_like(distances);
        sum = torch.zeros(1).to(distances.device(), ScalarType.Double);
        active = torch.zeros(1).to(distances.device(), ScalarType.Long);
    }

    static BatchAllTripletLoss.Result of(BatchAllTripletLoss loss, Tensor rows, Tensor labels) {
        check(rows, labels);
        Tensor distances = new PairDistances(rows.to(ScalarType.Double), loss.distance()).matrix();
        TorchBatchAll all =
                new TorchBatchAll(loss.margin(), distances.detach(), labels.to(rows.device(), ScalarType.Long));
        try (NoGradGuard guard = new NoGradGuard()) {
            for (long anchor = 0; anchor < rows.size(0); anchor++) {
                try (PointerScope scope = new PointerScope()) {
                    all.add(anchor);
                }
            }
        }
        long active = all.active.item_long();
        Scalar divisor = new Scalar(loss.divisor(active, all.triplets));
        Tensor value = BatchAllTripletLoss.connect(distances, all.slopes)
                .add(all.sum.squeeze())
                .div(divisor)
                .to(rows.scalar_type());
        return new BatchAllTripletLoss.Result(value, active, all.triplets);
    }

    private void add(long anchor) {
        Tensor same = labels.eq(labels.select(0, anchor));
        Tensor negatives = same.logical_not().nonzero().squeeze(1);
        same.select(0, anchor).fill_(new Scalar(0));
        Tensor positives = same.nonzero().squeeze(1);
        long width = negatives.size(0);
        triplets += positives.size(0) * width;
        if (width == 0) {
            return;
        }
        long step = Math.max(1, BLOCK / width);
        for (long first = 0; first < positives.size(0); first += step) {
            add(anchor, positives.narrow(0, first, Math.min(step, positives.size(0) - first)), negatives);
        }
    }

    private void add(long anchor, Tensor positives, Tensor negatives) {
        Tensor row = distances.select(0, anchor);
        Tensor limits = row.index_select(0, positives).add(new Scalar(margin)).unsqueeze(1);
        Tensor violations = limits.sub(row.index_select(0, negatives).unsqueeze(0));
        Tensor inside = violations.gt(new Scalar(0.0));
        sum.add_(violations.relu_().sum());
        active.add_(inside.sum());
        Tensor slope = slopes.select(0, anchor);
        Tensor weights = inside.to(ScalarType.Double);
        slope.index_add_(0, positives, weights.sum(1));
        slope.index_add_(0, negatives, weights.sum(0), new Scalar(-1.0));
    }

    private static void check(Tensor rows, Tensor labels) {
        ScalarType type = rows.scalar_type().intern();
        if (rows.dim() != 2 || type != ScalarType.Float && type != ScalarType.Double) {
            throw new IllegalArgumentException(
                    "embeddings are %d-dimensional %s; a matrix of floats is needed".formatted(rows.dim(), type));
        }
        if (labels.dim() != 1 || labels.scalar_type().intern() != ScalarType.Long) {
            throw new IllegalArgumentException("labels are %d-dimensional %s; a vector of int64 is needed"
                    .formatted(labels.dim(), labels.scalar_type().intern()));
        }
        if (labels.size(0) != rows.size(0)) {
            throw new IllegalArgumentException("%d labels for %d embeddings".formatted(labels.size(0), rows.size(0)));
        }
        Tensor broken = torch.isfinite(rows.detach()).logical_not().any(1);
        if (broken.any().item_bool()) {
            long row = broken.nonzero().narrow(0, 0, 1).item_long();
            throw new IllegalArgumentException("row %d of the embeddings is not finite".formatted(row));
        }
    }
}
