package dev.mien.bench.jmh;

import dev.mien.bench.Operation;

/** FaceNet's semi-hard negative of each pair of anchor and positive. */
public class SemiHardBenchmark extends OperationBenchmark {

    @Override
    Operation operation() {
        return Operation.SEMI_HARD;
    }
}
