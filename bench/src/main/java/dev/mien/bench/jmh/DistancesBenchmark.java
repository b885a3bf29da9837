package dev.mien.bench.jmh;

import dev.mien.bench.Operation;

/** All distances between two matrices. */
public class DistancesBenchmark extends OperationBenchmark {

    @Override
    Operation operation() {
        return Operation.DISTANCES;
    }
}
