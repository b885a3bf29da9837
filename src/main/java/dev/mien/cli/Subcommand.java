package dev.mien.cli;

import dev.mien.internal.NativeRuntime;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command shares: the global options, messages on stderr, and its one result on stdout. */
abstract class Subcommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** Does the work; an exception is reported by {@link Main} as one line. */
    abstract void run(Console console) throws Exception;

    @Override
    public final Integer call() throws Exception {
        NativeRuntime.setThreads(global().threads());
        try (Console console = global().console()) {
            run(console);
        }
        return CommandLine.ExitCode.OK;
    }

    final GlobalOptions global() {
        return ((Main) spec.root().userObject()).global();
    }

    /** Prints the result: as JSON with --json, otherwise as text for people. */
    final void print(Object json, String text) throws IOException {
        printRaw(global().json ? Json.write(json) : text);
    }

    /** Prints a result that is text or JSON already. */
    final void printRaw(String result) {
        spec.commandLine().getOut().print(result.endsWith("\n") ? result : result + "\n");
        spec.commandLine().getOut().flush();
    }

    /** An error in how the command was called: exit code 2. */
    final CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }

    /** The whole command line as it was typed, for reports. */
    final String typed() {
        return "mien "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }
}
