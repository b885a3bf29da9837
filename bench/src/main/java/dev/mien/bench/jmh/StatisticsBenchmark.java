package dev.mien.bench.jmh;

import dev.mien.bench.Operation;

/** What a miner sees: counts, mean and percentiles. */
public class StatisticsBenchmark extends OperationBenchmark {

    @Override
    Operation operation() {
        return Operation.STATISTICS;
    }
}
