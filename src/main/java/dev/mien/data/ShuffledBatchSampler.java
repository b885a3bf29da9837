package dev.mien.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Plain batches: every row once per epoch, in random order. The last batch may be smaller; a single row left over joins
 * the batch before it, because batch normalisation needs two.
 */
public final class ShuffledBatchSampler implements BatchSampler {

    private final int size;
    private final int batchSize;
    private final long seed;

    /**
     * Creates a sampler.
     *
     * @param size number of rows of the training set, at least 1
     * @param batchSize rows per batch, at least 1
     * @param seed the same (seed, epoch) gives the same batches
     */
    public ShuffledBatchSampler(int size, int batchSize, long seed) {
        if (size < 1 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "cannot draw batches of %d from %d rows; both must be at least 1".formatted(batchSize, size));
        }
        this.size = size;
        this.batchSize = batchSize;
        this.seed = seed;
    }

    @Override
    public int[][] epoch(int epoch) {
        int[] rows = IntStream.range(0, size).toArray();
        Draws.shuffle(rows, Draws.random(seed, epoch));
        boolean single = batchSize > 1 && size > batchSize && size % batchSize == 1;
        int batches = (size + batchSize - 1) / batchSize - (single ? 1 : 0);
        int[][] result = new int[batches][];
        for (int i = 0; i < batches; i++) {
            int end = i == batches - 1 ? size : (i + 1) * batchSize;
            result[i] = Arrays.copyOfRange(rows, i * batchSize, end);
        }
        return result;
    }
}
