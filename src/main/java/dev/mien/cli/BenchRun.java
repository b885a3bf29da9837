package dev.mien.cli;

import dev.mien.bench.Calibration;
import dev.mien.bench.Duel;
import dev.mien.bench.Measurement;
import dev.mien.bench.Operation;
import dev.mien.bench.Roofline;
import dev.mien.bench.Workload;
import dev.mien.internal.AtomicFiles;
import dev.mien.kernels.NativeKernels;
import dev.mien.training.Devices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Device;
import picocli.CommandLine.Mixin;

/** Measures operations on a grid of workloads and prints the table. */
abstract class BenchRun extends Subcommand {

    @Mixin
    BenchOptions options;

    /** Measures, prints, draws. */
    final void run(Console console, List<Operation> operations) throws IOException {
        List<Workload> workloads = options.workloads();
        int cases = operations.size() * workloads.size();
        Device device = Devices.open(global().device());
        NativeKernels kernels = new NativeKernels().withCudaPrecision(options.precision);
        String on = device.is_cpu() ? InfoCommand.cpu() : InfoCommand.cudaDevice();
        if (options.plot != null && !device.is_cpu()) {
            throw usage("--plot draws the processor's roofline; it needs --device cpu");
        }
        Duel duel = new Duel(global().threads(), options.secondsOf(cases), device, kernels);
        boolean svg = options.plot != null && options.plotsSvg();
        if (options.plot != null) {
            OutputPath.checkFile(options.plot);
        }
        List<Measurement> measurements = new ArrayList<>();
        for (Operation operation : operations) {
            for (Workload workload : workloads) {
                global().progress(console).at("measuring", measurements.size(), cases);
                measurements.add(duel.measure(operation, workload));
            }
        }
        global().progress(console).at("measuring", cases, cases);
        String computing = kernels.description(device.is_cpu() ? "cpu" : "cuda");
        BenchReport report = BenchReport.of(computing, on, measurements);
        print(report, report.text());
        if (options.plot != null) {
            draw(measurements, svg);
        }
    }

    private void draw(List<Measurement> measurements, boolean svg) throws IOException {
        Roofline roofline = new Roofline(measurements, Calibration.copyGigabytes(global().threads()));
        AtomicFiles.write(options.plot, svg ? roofline::writeSvg : roofline::writePng);
    }
}
