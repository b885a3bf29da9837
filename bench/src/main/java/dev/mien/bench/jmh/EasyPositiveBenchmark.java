package dev.mien.bench.jmh;

import dev.mien.bench.Operation;

/** The nearest positive and the nearest negative of each anchor. */
public class EasyPositiveBenchmark extends OperationBenchmark {

    @Override
    Operation operation() {
        return Operation.EASY_POSITIVE;
    }
}
