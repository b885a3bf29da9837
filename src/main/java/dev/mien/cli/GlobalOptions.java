package dev.mien.cli;

import dev.mien.internal.Progress;
import dev.mien.internal.Words;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Options that every command takes, before or after its name. */
final class GlobalOptions {

    private static final int MAX_THREADS = 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--device",
            scope = ScopeType.INHERIT,
            paramLabel = "D",
            description = "Where tensors live: auto, cpu or cuda (default: auto, a GPU where there is one).")
    private DeviceWord device = DeviceWord.AUTO;

    private int threads = Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS);

    @Option(
            names = "--seed",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "Seed of every random draw (default: 1).")
    long seed = 1;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print the result as JSON.")
    boolean json;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "No progress and no messages on stderr.")
    private boolean quiet;

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, description = "On failure, print the stack trace too.")
    private boolean stacktrace;

    @Option(
            names = "--threads",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "Threads for kernels and LibTorch (default: all cores).")
    private void setThreads(int count) {
        if (count < 1 || count > MAX_THREADS) {
            throw new CommandLine.ParameterException(
                    command.commandLine(), "--threads must be 1 to " + MAX_THREADS + ", not " + count);
        }
        threads = count;
    }

    /** The number of threads asked for, or all cores. */
    int threads() {
        return threads;
    }

    /** {@code auto}, {@code cpu} or {@code cuda}. */
    String device() {
        return Words.of(device);
    }

    /** Where arrays are worked on: the CPU, which needs no LibTorch for that, unless the GPU is named. */
    String deviceOfArrays() {
        return Words.of(device == DeviceWord.CUDA ? DeviceWord.CUDA : DeviceWord.CPU);
    }

    /** Whether a failure's stack trace is wanted. */
    boolean stacktrace() {
        return stacktrace;
    }

    /** Messages and progress for people, on stderr. */
    Console console() {
        return new Console(quiet);
    }

    /** Hears nothing when quiet. */
    Progress progress(Console console) {
        return quiet ? Progress.NONE : console;
    }
}
