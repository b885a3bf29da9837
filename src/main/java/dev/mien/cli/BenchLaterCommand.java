package dev.mien.cli;

import picocli.CommandLine.Command;

/** {@code mien bench inference} and {@code mien bench training}: names that are kept for what is to come. */
@Command(name = "inference", aliases = "training", header = "Not there yet.")
final class BenchLaterCommand extends Subcommand {

    @Override
    void run(Console console) {
        throw usage("bench inference and bench training are not there yet; bench mining and bench distances are");
    }
}
