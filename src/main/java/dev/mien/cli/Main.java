package dev.mien.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;

/** The command line: {@code mien <command> [options]}. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "mien",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Triplet mining, metric learning and facial expression recognition on the JVM.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            HelpCommand.class
        })
public final class Main implements Runnable {

    @Mixin
    private GlobalOptions global;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private Main() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs one command in this process and returns its exit code. */
    static int run(String... arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    boolean trace = parsed.originalArgs().contains("--stacktrace");
                    err.println("mien: " + Failures.sentence(failure));
                    if (trace) {
                        failure.printStackTrace(err);
                    }
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "missing command; see 'mien --help'");
    }
}
