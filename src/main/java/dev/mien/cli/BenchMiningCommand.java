package dev.mien.cli;

import dev.mien.bench.Operation;
import dev.mien.bench.Target;
import dev.mien.bench.Targets;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mien bench mining}: how fast triplets are mined. */
@Command(
        name = "mining",
        header = "Measure mining against the best that LibTorch can do.",
        description = {
            "Every peer's result is checked, its best form and thread split picked; then all take turns. Beside them"
                    + " stand a bare matrix product and the rate of multiply-adds in registers. GFLOP/s count 2 n n d,"
                    + " whatever symmetry saves.",
            "With --device cuda all rows are on the GPU, and a time ends when it has done its work.",
            "batch-all is its loss with the gradient."
        },
        footer = {
            "",
            "Examples:",
            "  mien bench mining",
            "  mien bench mining --miner semi-hard --distance euclidean,cosine --n 4096 \\",
            "            --d 128,512 --plot roofline.svg",
            "  mien bench mining --device cuda --n 4096,32768 --d 512 --precision tf32",
            "  mien bench mining --targets"
        })
final class BenchMiningCommand extends BenchRun {

    private static final double TARGET_SECONDS = 4;

    @Option(
            names = "--miner",
            split = ",",
            paramLabel = "M",
            description = "batch-hard (default), semi-hard, batch-all, easy-positive, random, distance-weighted,"
                    + " statistics.")
    private List<Operation> miners = List.of(Operation.BATCH_HARD);

    @Option(
            names = "--targets",
            description = "Measure what the kernels are held to, and print it as a Markdown table. Takes minutes.")
    private boolean targets;

    @Override
    void run(Console console) throws IOException {
        if (miners.contains(Operation.DISTANCES)) {
            throw usage("distances are no miner; see mien bench distances");
        }
        if (targets && global().device().equals("cuda")) {
            throw usage("--targets are those of the processor; they need --device cpu");
        }
        if (targets) {
            List<Target> measured = Targets.measure(global().threads(), TARGET_SECONDS, global().progress(console));
            print(measured, Target.markdown(measured));
        } else {
            run(console, miners);
        }
    }
}
