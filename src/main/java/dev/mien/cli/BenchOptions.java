package dev.mien.cli;

import dev.mien.bench.Clusters;
import dev.mien.bench.Workload;
import dev.mien.kernels.CudaPrecision;
import dev.mien.kernels.Distance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** On what to measure, and for how long. */
final class BenchOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--n", split = ",", paramLabel = "N", description = "Rows, 8 or more (default: 256,1024,4096).")
    private List<Integer> n = List.of(256, 1024, 4096);

    @Option(names = "--d", split = ",", paramLabel = "D", description = "Columns (default: 64,128,512).")
    private List<Integer> d = List.of(64, 128, 512);

    @Option(
            names = "--distance",
            split = ",",
            paramLabel = "W",
            description = "euclidean (default), squared-euclidean, manhattan, cosine.")
    private List<Distance> distances = List.of(Distance.EUCLIDEAN);

    @Option(
            names = "--data",
            paramLabel = "W",
            description = "Made-up embeddings as before training (untrained) or after it (trained, the default).")
    private Clusters data = Clusters.TRAINED;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "How long to measure in all, about (default: 60). Slow cases take three turns anyway.")
    private double seconds = 60;

    @Option(
            names = "--precision",
            paramLabel = "P",
            description = "First pass of mien's kernels with --device cuda: float32 (default), tf32, bfloat16.")
    CudaPrecision precision = CudaPrecision.FLOAT32;

    @Option(names = "--plot", paramLabel = "FILE", description = "Draw a roofline: FILE ends in .svg or .png.")
    Path plot;

    /** The workloads in the order of the table: by distance, n, d. */
    List<Workload> workloads() {
        check(n, "--n", 8);
        check(d, "--d", 1);
        List<Workload> workloads = new ArrayList<>();
        for (Distance distance : distances) {
            for (int rows : n) {
                for (int columns : d) {
                    workloads.add(new Workload(rows, columns, distance, data));
                }
            }
        }
        return workloads;
    }

    private void check(List<Integer> values, String option, int least) {
        for (int value : values) {
            if (value < least) {
                throw new ParameterException(
                        command.commandLine(), option + " must be " + least + " or more, not " + value);
            }
        }
    }

    /** Seconds for the turns of each of {@code cases}: about half of all, the rest goes to choosing peers. */
    double secondsOf(int cases) {
        if (!(seconds > 0 && seconds <= 1e6)) {
            throw new ParameterException(command.commandLine(), "--seconds must be above 0, not " + seconds);
        }
        return seconds / 2 / cases;
    }

    /** Whether the plot is to be an SVG; wrong usage if it is to be neither. */
    boolean plotsSvg() {
        String name = plot.toString();
        if (!name.endsWith(".svg") && !name.endsWith(".png")) {
            throw new ParameterException(command.commandLine(), "--plot must end in .svg or .png, not " + plot);
        }
        return name.endsWith(".svg");
    }
}
