package dev.mien.bench.jmh;

import dev.mien.bench.Operation;

/** A drawn positive and a drawn negative of each anchor. */
public class RandomBenchmark extends OperationBenchmark {

    @Override
    Operation operation() {
        return Operation.RANDOM;
    }
}
