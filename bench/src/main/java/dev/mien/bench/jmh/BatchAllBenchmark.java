package dev.mien.bench.jmh;

import dev.mien.bench.Operation;

/** The batch-all triplet loss and its gradient. */
public class BatchAllBenchmark extends OperationBenchmark {

    @Override
    Operation operation() {
        return Operation.BATCH_ALL;
    }
}
