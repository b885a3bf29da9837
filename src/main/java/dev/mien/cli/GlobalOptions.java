package dev.mien.cli;

import dev.mien.internal.Progress;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command takes, before or after its name. */
final class GlobalOptions {

    @Option(
            names = "--device",
            scope = ScopeType.INHERIT,
            paramLabel = "auto|cpu|cuda",
            defaultValue = "auto",
            description = "Where tensors live (default: ${DEFAULT-VALUE}: a GPU where there is one).")
    String device;

    @Option(
            names = "--threads",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "Threads for kernels and LibTorch (default: all cores).")
    Integer threads;

    @Option(
            names = "--seed",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of every random draw (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print the result as JSON.")
    boolean json;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "No progress and no messages on stderr.")
    boolean quiet;

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, description = "On failure, print the Java stack trace too.")
    boolean stacktrace;

    /** The number of threads asked for, or all cores. */
    int threads() {
        if (threads != null && threads < 1) {
            throw new IllegalArgumentException("--threads must be at least 1, not " + threads);
        }
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
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
