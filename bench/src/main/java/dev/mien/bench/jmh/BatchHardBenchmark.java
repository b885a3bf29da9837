package dev.mien.bench.jmh;

import dev.mien.bench.Operation;

/** The farthest positive and the nearest negative of each anchor. */
public class BatchHardBenchmark extends OperationBenchmark {

    @Override
    Operation operation() {
        return Operation.BATCH_HARD;
    }
}
