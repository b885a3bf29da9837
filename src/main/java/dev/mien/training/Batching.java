package dev.mien.training;

import dev.mien.data.BalancedBatchSampler;
import dev.mien.data.BatchSampler;
import dev.mien.data.Expression;
import dev.mien.data.ShuffledBatchSampler;
import dev.mien.internal.Words;

/** How training images are dealt into batches. */
public enum Batching {
    /** Every image once per epoch, in random order: classes as frequent as in the data. */
    PLAIN,
    /** P x K: as many images of each class; see {@link BalancedBatchSampler}. */
    BALANCED;

    /** What a loss is trained by unless told otherwise: mining needs a positive for each anchor, and rare classes. */
    static Batching of(LossKind loss) {
        return loss.mines() ? BALANCED : PLAIN;
    }

    BatchSampler sampler(int[] labels, TrainingSettings settings) {
        return this == BALANCED
                ? new BalancedBatchSampler(labels, Expression.COUNT, settings.imagesPerClass(), settings.seed())
                : new ShuffledBatchSampler(labels.length, settings.batchSize(), settings.seed());
    }

    /** The word used on the command line, such as {@code balanced}. */
    public String word() {
        return Words.of(this);
    }
}
