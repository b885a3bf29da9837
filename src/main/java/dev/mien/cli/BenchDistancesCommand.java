package dev.mien.cli;

import dev.mien.bench.Operation;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code mien bench distances}: how fast all distances between two matrices are computed. */
@Command(
        name = "distances",
        header = "Measure distances against the best that LibTorch can do.",
        description = "Between two matrices of n rows, into memory that is kept. See mien bench mining.",
        footer = {
            "",
            "Examples:",
            "  mien bench distances",
            "  mien bench distances --distance manhattan,cosine --n 4096 --d 64 --json"
        })
final class BenchDistancesCommand extends BenchRun {

    @Override
    void run(Console console) throws IOException {
        run(console, List.of(Operation.DISTANCES));
    }
}
