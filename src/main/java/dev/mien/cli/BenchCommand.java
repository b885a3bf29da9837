package dev.mien.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mien bench}: groups the commands that measure. */
@Command(
        name = "bench",
        header = "Measure how fast mien is on this machine, against LibTorch.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BenchMiningCommand.class,
            BenchDistancesCommand.class,
            BenchInferenceCommand.class,
            BenchTrainingCommand.class
        })
final class BenchCommand implements Runnable {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing command: mining, distances, inference or training");
    }
}
