package dev.mien.training;

import dev.mien.backbones.Backbone;
import dev.mien.data.BalancedBatchSampler;
import dev.mien.data.Expression;
import dev.mien.data.FaceImages;
import dev.mien.internal.Uploads;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Scores a model on the validation split, with weights in evaluation mode. */
final class Validation {

    /** Training images whose class centroids stand in for a head: enough for a mean, a second of work. */
    private static final int CENTROID_IMAGES = 2048;

    private static final int IMAGES_PER_CLASS = 18;

    private final TrainingSettings settings;
    private final Objective objective;
    private final Tensor pixels;
    private final Tensor labels;
    private final Tensor centroidPixels;
    private final Tensor centroidLabels;
    private final int[][] batches;

    /** Loss and accuracy. */
    record Score(double loss, double accuracy) {}

    Validation(TrainingSettings settings, Objective objective, FaceImages train, FaceImages validation, Device device) {
        this.settings = settings;
        this.objective = objective;
        pixels = Tensors.pixels(validation, device);
        labels = Tensors.labels(validation.labels(), device);
        FaceImages some = train.size() <= CENTROID_IMAGES ? train : train.select(stride(train.size()));
        centroidPixels = Tensors.pixels(some, device);
        centroidLabels = Tensors.labels(some.labels(), device);
        batches = settings.loss().mines() ? batches(validation) : new int[0][];
    }

    /** Balanced batches, the same in every epoch; everything at once where no two classes have two images. */
    private static int[][] batches(FaceImages validation) {
        long pairs = Arrays.stream(validation.countsPerClass())
                .filter(count -> count >= 2)
                .count();
        return pairs < 2
                ? new int[][] {IntStream.range(0, validation.size()).toArray()}
                : new BalancedBatchSampler(validation.labels(), Expression.COUNT, IMAGES_PER_CLASS, 0).epoch(0);
    }

    private static int[] stride(int n) {
        int[] rows = new int[CENTROID_IMAGES];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (int) ((long) i * n / rows.length);
        }
        return rows;
    }

    Score score(Backbone backbone) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor features = Embedder.features(backbone, pixels);
            double loss = settings.loss().mines() ? batchLoss(backbone, features) : wholeLoss(backbone, features);
            Tensor scores = settings.loss().trainsHead()
                    ? backbone.logits(features, false)
                    : centroidScores(backbone, features);
            return new Score(loss, Tensors.accuracy(scores, labels));
        }
    }

    private double wholeLoss(Backbone backbone, Tensor features) {
        return objective.of(backbone, features, labels, 0, false).value().item_double();
    }

    private double batchLoss(Backbone backbone, Tensor features) {
        Tensor sum = torch.zeros(1).to(features.device(), ScalarType.Double);
        for (int[] rows : batches) {
            try (PointerScope scope = new PointerScope()) {
                Tensor index = Uploads.rows(rows, features.device());
                sum.add_(objective
                        .of(backbone, features.index_select(0, index), labels.index_select(0, index), 0, false)
                        .value()
                        .to(ScalarType.Double));
            }
        }
        return sum.item_double() / batches.length;
    }

    /** Cosine of each row to the mean direction of each class of the training images: (n, 7). */
    private Tensor centroidScores(Backbone backbone, Tensor features) {
        Tensor known = Objective.normalise(Embedder.features(backbone, centroidPixels));
        Tensor sums = torch.zeros(Expression.COUNT, backbone.featureCount()).to(known.device(), known.scalar_type());
        sums.index_add_(0, centroidLabels, known);
        return Objective.normalise(features).matmul(Objective.normalise(sums).t());
    }
}
