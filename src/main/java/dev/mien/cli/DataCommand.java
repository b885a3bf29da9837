package dev.mien.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mien data}: groups the commands about datasets. */
@Command(
        name = "data",
        header = "Look into datasets, and generate faces.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DataInspectCommand.class, DataSynthesizeCommand.class})
final class DataCommand implements Runnable {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing command: inspect or synthesize");
    }
}
