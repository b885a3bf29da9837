package dev.mien.cli;

import picocli.CommandLine.Command;

/** {@code mien bench training}: a name that is kept for what is to come. */
@Command(name = "training", header = "Not there yet.")
final class BenchLaterCommand extends Subcommand {

    @Override
    void run(Console console) {
        throw usage("bench training is not there yet; bench mining, bench distances and bench inference are");
    }
}
