package dev.mien.training;

import dev.mien.internal.Uploads;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * The embeddings of the latest batches of an epoch, without gradient, to mine new batches against (Wang et al.,
 * "Cross-Batch Memory for Embedding Learning", 2020). It starts each epoch empty, so that a training resumed between
 * epochs goes on as if never stopped. Lives as long as the PointerScope it was made in.
 */
final class EmbeddingMemory {

    private final int capacity;
    private final Tensor rows;
    private final Tensor labels;
    private int size;
    private int next;

    /**
     * @param capacity rows, at least 1
     * @param columns of an embedding
     */
    EmbeddingMemory(int capacity, long columns, Device device) {
        this.capacity = capacity;
        rows = Tensors.matrix(capacity, columns, device);
        labels = Tensors.labels(new int[capacity], device);
    }

    void clear() {
        size = 0;
        next = 0;
    }

    /** (m, d), m at most the capacity. */
    Tensor rows() {
        return rows.narrow(0, 0, size);
    }

    /** int64 (m). */
    Tensor labels() {
        return labels.narrow(0, 0, size);
    }

    /** Adds a batch, (n, d) under (n), in place of the oldest rows; of a batch larger than the capacity, its end. */
    void add(Tensor embeddings, Tensor classes) {
        int count = (int) Math.min(embeddings.size(0), capacity);
        long first = embeddings.size(0) - count;
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            places[i] = (next + i) % capacity;
        }
        try (NoGradGuard guard = new NoGradGuard()) {
            Tensor at = Uploads.rows(places, rows.device());
            rows.index_copy_(0, at, embeddings.detach().narrow(0, first, count));
            labels.index_copy_(0, at, classes.narrow(0, first, count));
        }
        next = (next + count) % capacity;
        size = Math.min(capacity, size + count);
    }
}
