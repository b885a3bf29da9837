package dev.mien.bench.jmh;

import dev.mien.bench.Operation;

/** A negative of each pair, drawn against the density of distances. */
public class DistanceWeightedBenchmark extends OperationBenchmark {

    @Override
    Operation operation() {
        return Operation.DISTANCE_WEIGHTED;
    }
}
