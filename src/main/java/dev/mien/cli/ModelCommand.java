package dev.mien.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mien model}: groups the commands about model files. */
@Command(
        name = "model",
        header = "Look into models, score, import, export and annotate them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelInspectCommand.class,
            ModelEvaluateCommand.class,
            ModelImportCommand.class,
            ModelExportCommand.class,
            ModelAnnotateCommand.class
        })
final class ModelCommand implements Runnable {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "missing command: inspect, evaluate, import, export or annotate");
    }
}
